"""The addresses of profiles, extensions and code systems that a PAS request uses, and nothing else.

Source: Da Vinci Prior Authorization Support, STU 2.1 and 2.2.1 (hl7.org/fhir/us/davinci-pas), read 2026-11-24. X12
lists are named by address only; what their codes mean is X12's to publish.
"""

PAS = "http://hl7.org/fhir/us/davinci-pas/StructureDefinition/"
BUNDLE, CLAIM = f"{PAS}profile-pas-request-bundle", f"{PAS}profile-claim"
BENEFICIARY, COVERAGE = f"{PAS}profile-beneficiary", f"{PAS}profile-coverage"
INSURER, REQUESTOR = f"{PAS}profile-insurer", f"{PAS}profile-requestor"
PRACTITIONER, ROLE = f"{PAS}profile-practitioner", f"{PAS}profile-practitionerrole"
MEDICATION_REQUEST, DOCUMENT = f"{PAS}profile-medicationrequest", f"{PAS}profile-documentreference"
CONDITION = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-condition-problems-health-concerns"

REQUEST_TYPE = f"{PAS}extension-serviceItemRequestType"
CERTIFICATION_TYPE = f"{PAS}extension-certificationType"
AUTHORIZATION_NUMBER = f"{PAS}extension-authorizationNumber"
REQUESTED_SERVICE = f"{PAS}extension-requestedService"
CARE_TEAM_SCOPE = f"{PAS}extension-careTeamClaimScope"
DOCUMENT_INFORMATION = f"{PAS}extension-documentInformation"

PAS_CODES = "http://hl7.org/fhir/us/davinci-pas/CodeSystem/PASTempCodes"
CLAIM_TYPE = "http://terminology.hl7.org/CodeSystem/claim-type"
PRIORITY = "http://terminology.hl7.org/CodeSystem/processpriority"
IDENTIFIER_TYPE = "http://terminology.hl7.org/CodeSystem/v2-0203"
PAYER_ID_TYPE = "http://hl7.org/fhir/us/carin-bb/CodeSystem/C4BBIdentifierType"
NPI = "http://hl7.org/fhir/sid/us-npi"
TAX_ID = "http://terminology.hl7.org/NamingSystem/USEIN"
ICD10 = "http://hl7.org/fhir/sid/icd-10-cm"
HCPCS = "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
CPT = "http://www.ama-assn.org/go/cpt"
PLACES = "https://www.cms.gov/Medicare/Coding/place-of-service-codes/Place_of_Service_Code_Set"
LOINC = "http://loinc.org"
NOTE_CATEGORY = "http://hl7.org/fhir/us/core/CodeSystem/us-core-documentreference-category"
CONDITION_CATEGORY = "http://terminology.hl7.org/CodeSystem/condition-category"
CONDITION_CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical"
UCUM = "http://unitsofmeasure.org"


def x12(element: int) -> str:
    """Return the address of an X12 005010 code list by its data element number."""
    return f"https://codesystem.x12.org/005010/{element}"

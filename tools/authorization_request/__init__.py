"""An authorization request as a FHIR R4 bundle: Da Vinci PAS, profile-claim, made from sourced values alone."""

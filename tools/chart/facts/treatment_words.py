"""The patterns by which a sentence tells a treatment of the past from one that is planned, refused or named only."""

import re

MOD = (
    r"(?:first|second|third|fourth|fifth|1st|2nd|3rd|\dL|one|two|three|four|five|six|seven|eight|prior|previous|previously"
    r"|adjuvant|neoadjuvant|maintenance|induction|consolidation|single|agent|weekly|biweekly|daily|oral|concurrent|dose"
    r"|dense|low|high|line|cycles?|doses?|months?|weeks?|years?|of|on|her|his|their|the|both|an|a|course|regimen|therapy"
    r"|treatment|chemotherapy|immunotherapy|with|platinum|based|initial|upfront|standard|combination|last|recent|most"
    r"|lines?|\d+|full|was|were|included?|includes|intravenous|IV|first-generation|palliative|frontline)"
)
MODS = rf"(?:{MOD}(?:\s+|-|:\s*|\s*,\s*(?=[a-z]))){{0,9}}$"
"""Words that may stand between a cue and the drug it is about."""


def before(words: str) -> re.Pattern[str]:
    """Compile a cue that stands before a drug, with nothing but modifiers between them."""
    return re.compile(rf"(?<![\w-])(?P<cue>{words})[\s:]*{MODS}", re.IGNORECASE)


NEVER = before(
    r"no\s+prior|never\s+(?:on|received|had|been\s+(?:on|treated\s+with|given)|taken|tried|exposed\s+to)"
    r"|has\s+not\s+(?:yet\s+)?(?:received|had|tried|been\s+(?:given|treated\s+with))|without\s+prior|na[iï]ve\s+to"
    r"|no\s+(?:previous|history\s+of|(?:prior|previous|known)\s+exposure\s+to|exposure\s+to)"
)
NAIVE_AFTER = re.compile(
    r"[\s-]*na[iï]ve\b|\s+(?:was\s+|has\s+|were\s+)?never\s+(?:been\s+)?(?:tried|given|used|received|started)\b"
    r"|\s+(?:was\s+|has\s+)?not\s+(?:yet\s+)?(?:been\s+)?tried\b",
    re.IGNORECASE,
)
CONTRAINDICATED = before(
    r"(?<!no\s)(?<!without\s)(?<!any\s)contraindicat(?:ed|ions?|es)\s*(?:to|for)?|not\s+(?:an?\s+)?(?:good\s+)?candidate\s+for|ineligible\s+for"
    r"|(?:rules|ruled|ruling)\s+out|precludes?|cannot\s+(?:receive|take|have)|unfit\s+for"
)
CONTRAINDICATED_AFTER = re.compile(
    r"\s*(?:is|was|are)?\s*(?:absolutely\s+|relatively\s+)?contraindicated\b|[\s-]+ineligible\b", re.IGNORECASE
)
REFUSED = re.compile(
    r"\b(?:declin(?:es|ed)|refus(?:es|ed)|avoid(?:ing|ed)?|rather\s+than|instead\s+of|not|no|denies|never|without|neither)"
    rf"\s+(?:to\s+)?(?:start\w*\s+|receiv\w+\s+|giv\w+\s+|take\s+|tak\w+\s+)?{MODS}",
    re.IGNORECASE,
)
PLAN_BEFORE = re.compile(
    r"\b(?:will|would|may|might|could|can|should|plan(?:s|ned|ning)?|consider(?:s|ed|ing)?|recommend(?:s|ed)?|start"
    r"|begin|initiate|give|add|continue|proceed|propos(?:e|es|ed)|offer(?:ed|s)?|option|options|discuss(?:ed|es)?|candidate"
    r"|eligible|if|until|once|switch\s+to|change\s+to|transition\s+to|request(?:ed|s|ing)?|authori[sz]ation|approv(?:al|ed)"
    r"|order(?:ed)?|schedul(?:e|ed)|prefers?|intend(?:s|ed)?|goal|versus|vs|possible|potential|next|then\s+start"
    r"|counsel(?:l?ed)?|consent(?:ed)?|return(?:s|ing)?\s+for|due\s+for|awaiting|pending|needs?|appeal|denied|denial)\b|\?",
    re.IGNORECASE,
)
PLAN_AFTER = re.compile(
    r"[^,.;(]{0,40}?\b(?:will\s+be|to\s+be|to\s+start|to\s+begin|planned|recommended|proposed|offered|considered"
    r"|discussed|requested|pending|ordered|scheduled|denied|declined|refused|not\s+(?:given|started|received|approved|used)"
    r"|is\s+an\s+option|was\s+an\s+option|would|may\s+be|could|should|if)\b",
    re.IGNORECASE,
)
PRIOR = before(
    r"prior(?:\s+(?:therap(?:y|ies)|treatments?|lines?|regimens?|chemotherapy))?(?:\s+(?:with|includ\w+|was|were))?"
    r"|previous(?:ly)?(?:\s+(?:treated|received|therap(?:y|ies)|treatments?|lines?|regimens?))?(?:\s+(?:with|on|includ\w+))?"
    r"|had\s+been\s+on|was\s+on|were\s+on|tried|trial\s+of|s/p|status[\s-]post|history\s+of|received|treated\s+with|completed|finished|after|following|switched\s+from"
    r"|changed\s+from|transition(?:ed)?\s+from|treatment\s+history|oncologic\s+history|past\s+(?:therapy|treatment)"
    r"|(?:\d+|one|two|three|four|five|six|eight)\s+(?:cycles?|doses?|months?)\s+of"
)
ONGOING = before(
    r"(?:is|has\s+been|now|currently|still|established|stabilized|doing\s+well|while|remains?|maintained|patient|stable|cancer|carcinoma|myeloma|lymphoma"
    r"|disease|melanoma|leukemia)\s+on|^on|(?<=,)\s+on|continues(?:\s+(?:on|with))?|tolerating|currently\s+receiving|receiving"
    r"|started(?:\s+on)?|initiated|began|begun|resumed|switched\s+to|changed\s+to"
)
GIVEN_AFTER = re.compile(
    r"\s*(?:(?:was\s+|were\s+)?(?:completed|finished|given\s+(?:in|from|between)|received)\b"
    r"|for\s+(?:\d+|one|two|three|four|five|six|nine|twelve)\s+(?:months?|years?)\b|x\s*\d+\s*(?:cycles?\s*)?(?:,\s*)?completed)",
    re.IGNORECASE,
)
STARTED_AFTER = re.compile(r"\s*(?:was|were)\s+(?:then\s+)?(?:started|initiated|begun|resumed|added)\b", re.IGNORECASE)
PRESENT_AFTER = re.compile(r"[^.;,]{0,40}?(?:-|–|to)\s*(?:present|current|now|date)\b", re.IGNORECASE)
HISTORY = re.compile(
    r"\b(?:progress\w*|prior|previous\w*|fail(?:ed|ure)|refractory|relaps\w+|recurr\w+|intoleran\w+|tolerate|tried|\d+L|line|caused|exposure|established)\b",
    re.IGNORECASE,
)
LINE = re.compile(
    r"[\s,(]*\b(?:(?P<word>first|second|third|fourth|fifth)[\s-]+line|(?P<nth>[1-5])(?:st|nd|rd|th)[\s-]+line|[1-5]L"
    r"|line\s+[1-5])\b",
    re.IGNORECASE,
)
WRITTEN_LINES = {"first": "1", "second": "2", "third": "3", "fourth": "4", "fifth": "5"}
SETTING = re.compile(r"\b(?:neo-?adjuvant|adjuvant|maintenance|induction|consolidation|concurrent)\b", re.IGNORECASE)
TOGETHER = re.compile(
    r"\s*(?:,|/|\+|&|plus|and|,\s*and|with|,\s*with|combined\s+with|in\s+combination\s+with|-)?\s*"
    r"(?:weekly|daily|oral|concurrent|low-dose|high-dose|dose-dense|IV|SC|reference|biosimilar)?\s*",
    re.IGNORECASE,
)
"""What stands between drugs that are given together."""
LIST_GOES_ON = re.compile(
    r"\s*(?:\([^()]*\))?\s*(?:,|and|,\s*and|then|,\s*then|followed\s+by|,\s*followed\s+by|\+|->|→)?\s*(?:by\s+)?",
    re.IGNORECASE,
)
"""What stands between treatments of one list."""
DOSE = re.compile(r"\s*(?:\bAUC\s*\d+(?:\.\d+)?|\b[\d.,]+\s*(?:mg|mcg|g|units)(?:/(?:m2|m²|kg))?(?!\w))", re.IGNORECASE)

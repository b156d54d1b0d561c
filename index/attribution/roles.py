"""Words that tell roles, bodies and names apart: common nouns, titles and function words, no name of anyone.

Knows nothing of texts.
"""

import re

from index.words import word_set

TITLES = word_set(
    """
    actor actress adm admiral adviser advisor ambassador archbishop attorney author bishop capt captain
    ceo chair chairman chairwoman chancellor chief coach col colonel commander congressman congresswoman
    correspondent dame
    defence defense delegate democrat deputy detective director dr executive foreign former gen general
    gov governor house imam inspector interior judge justice king lady leader lieutenant lord lt maj
    major majority manager mayor minister minority miss mr mrs ms officer pope premier president press
    prime prince princess prof professor queen rabbi rep reporter representative reps republican
    secretary sen senate senator sens sergeant sgt sheikh sheriff sir speaker spokesman spokesperson
    spokeswoman state vice whip
    """
)
"""What stands in front of names."""

NO_TITLES = word_set(
    """
    defence defense deputy executive foreign former house interior justice majority minority press senate
    state vice
    """
)
"""Those of TITLES that only go with another: "Senate Foreign Relations" titles nobody."""

MALE = word_set(
    """
    actor brother chairman congressman father husband king lord mr prince sir son spokesman
    """
)
"""Titles and kin of men."""

FEMALE = word_set(
    """
    actress chairwoman congresswoman dame daughter lady miss mother mrs ms princess queen sister
    spokeswoman wife
    """
)
"""Titles and kin of women."""

OPENERS = word_set(
    """
    a about according after afterwards again all also although always among an analysts and another any
    anyone anything are as asked at back because been before being both but by can clearly could critics
    democrats despite did do does during each earlier eight even ever every everyone everything experts
    few finally first five for former four from given had has have he her here hers him his how however
    i if in indeed instead is it its just last later least let like likewise many maybe me meanwhile
    might more moreover most much my nearly neither never nevertheless next nine no nobody none nor not
    nothing now of officials often oh ok okay on once one only or other others our out over perhaps
    please police quite rather republicans researchers scientists seven several shall she should since
    six so some somebody someone something sometimes soon still such supporters sure ten than thanks
    that the their them then there therefore these they this those though three through thus to today
    together tomorrow tonight too twenty two under unlike until up upon us very voters was we well were
    what whatever when whenever where whether which while who whoever whom whose why will with within
    without would yes yesterday yet you your
    """
)
"""Words that begin a sentence with a capital and are part of no name."""

CALENDAR = word_set(
    """
    apr april aug august dec december feb february friday jan january jul july jun june mar march may
    monday nov november oct october saturday sep sept september sunday thursday tuesday wednesday
    """
)
"""Days and months."""

BODY = word_set(
    """
    administration agency army association bank board body bureau cabinet campaign center centre church
    city club college commission committee company conference congress corp corporation council country
    court department district duma embassy federation forces foundation fund government group guard
    hospital house inc institute institution journal kremlin league legislature llc magazine ministry
    movement museum nations navy network news newspaper office organisation organization parliament
    party pentagon police post press project radio report school senate service society staff state
    states team television times tribune tv union university white
    """
)
"""Words of the names of bodies, as opposed to persons."""

NO_NAME = word_set(
    """
    i
    """
)
"""Capitals that are no names anywhere."""

CROWDS = word_set(
    """
    americans christians communists conservatives democrats greens jews liberals muslims republicans
    socialists
    """
)
"""Parties and peoples by their many, at the end of a name: "North Carolina Republicans"."""

PAPERS = word_set(
    """
    account ad advertisement analysis announcement article assessment audit biography blog book brief
    briefing column comment comments complaint data declaration decree document documents editorial
    email emails essay estimate figures filing findings indictment interview lawsuit leaflet letter
    letters manifesto memo memoir message messages notice numbers opinion order paper petition poll
    polls post posts press release remarks report reports research review ruling speech statement
    statements statistics studies study survey surveys testimony text transcript tweet tweets update
    verdict video warning website words
    """
)
"""What speaks for who wrote or gave it: a statement, a report."""

GENERAL = word_set(
    """
    boss chief figure figurehead head leader man official politician statesman strongman woman
    """
)
"""Roles so general that any leading one fits."""

LEADERS = word_set(
    """
    chairman chancellor chief dictator head king leader minister premier president prime queen ruler
    """
)
"""Leading roles."""

PLAIN_TRAITS = word_set(
    """
    a acting an another current ex former her his its late long longtime many new one other our own same
    several some that the their then these this those time veteran
    """
)
"""Words of a description that tell nothing of whom it is about."""

_ROLES = (TITLES - NO_TITLES) | MALE | FEMALE | GENERAL | LEADERS
_AGENT = re.compile(r"[a-z-]{3,}(?:[eo]r|ist|[iu]an|man|woman|person|ant|ent|aide|ally|envoy|boss)")


def is_role(word: str) -> bool:
    """Whether a word in lower case looks like what a person is: "minister", "trader"."""
    if word in PAPERS or word in BODY:
        return False
    return bool(_AGENT.fullmatch(word)) or any(part in _ROLES for part in word.split("-"))

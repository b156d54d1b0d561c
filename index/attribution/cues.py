"""Reporting words, as alternatives of a regular expression."""

from index.words import word_set

CUES = (
    "said|says|say|saying|told|tells|telling|stated|states|stating|added|adds|adding|announced|announces|"
    "announcing|warned|warns|warning|claimed|claims|claiming|argued|argues|arguing|explained|explains|"
    "explaining|insisted|insists|insisting|noted|notes|noting|wrote|writes|writing|tweeted|posted|replied|"
    "replies|responded|responds|called|calls|calling|described|describes|describing|declared|declares|declaring|"
    "suggested|suggests|suggesting|continued|continues|asked|asks|asking|answered|urged|urges|urging|vowed|"
    "pledged|promised|promises|admitted|confirmed|confirms|denied|denies|denying|rejected|rejects|dismissed|dismisses|"
    "blasted|condemned|praised|predicted|concluded|remarked|recalled|commented|acknowledged|stressed|emphasi[sz]ed|"
    "reiterated|repeated|complained|joked|testified|believes|believed|thinks|thought|voiced|accused|accuses|"
    "read|[Aa]ccording to|quoted as|demanded|demands|proposed|proposes|ruled out|expressed|"
    "questioned|questioning"
)
"""Verbs and phrases that bring in what somebody says or thinks; in lower case but for one."""

IDLE = word_set(
    """
    a am an and are as at be been being but by can could did do does for from had has have he in is it just
    may might must not of on only or she should so that the they to was were which who will with would
    """
)
"""Words that report nothing by themselves: what only they bring in was mostly said by nobody."""

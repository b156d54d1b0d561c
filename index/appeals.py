"""Notices that are sentences: sign-ups, cookies, appeals, reporters' contacts, questions to readers.

Judges a sentence, or a line made of several, by its own words. It does not know where on the page
a line stands. A line holding reporting beside a notice loses the notice's sentences only.
"""

from __future__ import annotations

import re
from functools import lru_cache

_ASK = r"(?:please |kindly |to .{2,40}, |click (?:here )?to |don'?t forget(?: to)?\W{1,3}|remember to |be sure to |make sure (?:to|you) |and |so |or |now,? |you can (?:also )?|want .{2,80}\? ){0,3}"
_LETTER = (
    r"(?:newsletters?|mailing list|e-?mail (?:list|alerts?|updates?|newsletter)|inbox|e-?mails?|briefings?|daily digest|"
    r"(?:telegram|whatsapp|youtube|signal|viber|tiktok) ?(?:channel|group|page)?|channel|"
    r"push notifications|notifications|text alerts|alerts|updates|podcast|rss feed|free trial|premium)"
)
_NETWORK = (
    r"(?:twitter|facebook|instagram|telegram|youtube|tiktok|linkedin|threads|bluesky|mastodon|google news|flipboard|"
    r"whatsapp|reddit|pinterest|social media|social networks|truth social|snapchat|viber|gettr|parler|apple news|\bx\b|@\w+)"
)
# reason -> patterns found at the start of a sentence
_STARTS: dict[str, tuple[str, ...]] = {
    "newsletter or sign-up notice": (
        rf"{_ASK}(?:sign[ -]?up|subscribe|register|join|opt in)\b.{{0,160}}?\b{_LETTER}\b",
        rf"{_ASK}(?:sign[ -]?up|subscribe|register)(?: now| today| here| for free| below| with your e-?mail)+\b",
        rf"{_ASK}(?:sign[ -]?up|subscribe) (?:to|for|and|using|by|via) (?:our|my|the|us|get|receive|be|stay)\b",
        r"(?:get|receive|have|want|like|enjoying|love) .{0,160}(?:in|to|into) your (?:e-?mail )?(?:inbox|mailbox|e-?mail|phone)\b",
        r".{0,100}\b(?:delivered|sent|straight|directly?) .{0,30}to your (?:inbox|e-?mail|phone)\b",
        r"(?:by|when) (?:signing up|subscribing|registering|submitting|providing your|entering your|clicking|creating an account|joining).{0,80}\b(?:you|i) (?:agree|consent|confirm|accept|acknowledge|are agreeing|will receive|may receive)\b",
        r"we(?:'ll| will)? (?:use|only use|process|may use) your (?:sign-?up|e-?mail|data|personal|information|details)\b",
        r"(?:you (?:can|may) |click here to )?(?:unsubscribe|opt[ -]?out)(?: \w+){0,4} (?:at )?any ?time\b",
        r"(?:would you like|do you want|want) to (?:receive|get) .{0,80}(?:newsletter|e-?mails?|updates|alerts)\b",
        r"(?:thanks?|thank you) for (?:signing up|subscribing|your subscription|registering)",
        r"(?:check|please check) your (?:inbox|e-?mail) (?:to|for)\b|invalid e-?mail|an error (?:has )?occurred.{0,60}(?:sign|subscri|try again)",
        r"this (?:newsletter|e-?mail) (?:may|might) contain|.{0,60}newsletter may contain (?:info|ads|advert)|for more information,? see our privacy",
        r"if you wish to object to the use of your data|we (?:don'?t|do not|never|won'?t) spam",
        r"get (?:the|our|all the|your|more|breaking|daily|weekly|free|exclusive|this) .{0,80}(?:newsletters?|e-?mail alerts?|by e-?mail|briefing)\b",
        r"(?:the )?.{0,40}\bnewsletter (?:provides|brings|delivers|gives) you\b|\(?you can (?:also )?get .{2,80}delivered\b",
        r"let us introduce you to|if your day doesn'?t start until",
        r"stay (?:up[ -]to[ -]date|informed|ahead|tuned|connected|in the know|in touch).{0,80}(?:newsletter|subscri|sign|follow|our|us\b)",
    ),
    "cookie notice": (
        r"(?:we|our (?:web ?)?site|this (?:web ?)?site|our partners|we and our|the (?:web)?site you|our website)\b.{0,80}\b(?:uses?|using|store|place)\b.{0,60}\bcookies\b",
        r"(?:by (?:continuing|using|browsing|clicking|accepting|visiting|closing)|if you continue)\b.{0,100}\b(?:you (?:agree|consent|accept)|cookies?|we (?:will )?assume)\b",
        r"(?:accept|manage|reject|allow|decline|enable|customi[sz]e)(?: all| your| our| necessary| only)* cookies?\b|cookie (?:policy|settings|preferences|consent|notice)\b",
        r"(?:read|see|view|check) (?:our|the) (?:privacy|cookie) (?:policy|notice)|these cookies (?:will|are|do|help|allow)|(?:i|we) value your privacy",
        r"to (?:view|see|watch|show you) this .{0,40}(?:enable|accept|cookies)|this content is (?:hosted|provided) by a third party",
        r"please (?:review|read) our (?:privacy|terms|community|comment)",
    ),
    "follow or join notice": (
        rf"{_ASK}(?:follow|like|find|join|friend|add|connect with|catch|tweet|visit|chat with|subscribe to) (?:us|me|our|him|her|them|my|the (?:author|page)|@).{{0,120}}?\b(?:{_NETWORK}|page|community|conversation|comments?|discussion|channel|group|on)\b",
        rf"{_ASK}follow (?!up|suit|through)[^,;:]{{2,120}}?(?:\bon |\bat |\bvia )(?:{_NETWORK})",
        r"(?:follow|find|tweet|reach|contact|e-?mail|write to|message|reach out to|you can (?:follow|reach|contact|find|e-?mail)|(?:he|she|they) can be (?:reached|followed|contacted|found)|(?:reach|follow|contact|e-?mail|tweet|reach out to) (?:him|her|them|me|us))\b.{0,120}(?:@\w+|\(?\d{3}\)?[-. ]\d{3}[-. ]\d{4})",
        rf"(?:we(?:'re| are)|i(?:'m| am)|now|find us|also) (?:also |now )?(?:on|available on) {_NETWORK}",
        r"(?:do you support|like) .{2,60}\? like the page",
        r"(?:twitter|instagram|facebook|e-?mail)\s?: ?@?[\w.@]+$",
    ),
    "appeal": (
        r".{2,80} is a reader-supported publication|to (?:receive|get) (?:new posts|updates|this newsletter|more)\b.{0,160}\b(?:subscri|sign|support|donat)",
        r"(?:please |help )?(?:consider (?:supporting|donating|contributing|becoming)|support(?! (?:for|from|among|of|has|is|was|by|to)\b)|donate|contribute|chip in|become)\b.{0,80}\b(?:our|us|my|this|independent|local|quality|free) ?(?:\w+ ){0,3}(?:journalism|newsroom|reporting|media|work|site|website|mission|channel|patron|member|content|coverage|donation)\b",
        r"(?:please )?(?:become|be) (?:a|an|our) (?:\w+ ){0,3}(?:member|patron|subscriber|supporter|sponsor)\b.{0,60}(?:today|now|us|our|for|$)",
        r"(?:thank you|thanks) for (?:supporting|reading|visiting|your support|being|choosing)\b|support local journalism|help us (?:keep|continue|stay|grow|fund|make|improve)",
        r"(?:buy (?:me|us) a (?:coffee|beer)|(?:support|join) .{0,30}\bpatreon|donate (?:now|today|here|via|to (?:us|our)|with|using))",
        r"if you (?:like|liked|enjoy|enjoyed|value|appreciate|found|love|believe in|want to support) (?:\w+ ){0,4}(?:article|story|post|work|journalism|reporting|content|site|blog|do|website)\b",
        r"we (?:need|rely on|depend on|can'?t do (?:this|it) without|are funded by|are able to) (?:\w+ ){0,3}(?:your|you|readers|donations)\b|your (?:support|donation|contribution|subscription) (?:helps|makes|keeps|will|allows|is)",
        r"(?:[\w ]{2,40} )?is free, but several stories|consider supporting our|just for subscribers|these articles are for .{2,40}subscribers",
        r"(?:as an amazon associate|we may earn|this (?:post|article|page) (?:may )?contains? affiliate|purchases you make through our links|if you (?:buy|purchase|click) .{0,60}we may)",
    ),
    "question or notice to readers": (
        r"(?:[^\"“”]{0,100}[?!,:—–-] ?)?(?:please |and |so |do )?(?:let (?:me|us) know|tell (?:me|us)|share|leave|drop|give (?:me|us)|post|sound off|comment|weigh in|write)\b.{0,80}\b(?:in|on|using|with) (?:the |our )?comments?\b(?!,| (?:to|made|from|by)\b)",
        r"(?:please )?(?:leave|share|tell us|give us|send us|let us know|drop|post|write) (?:us )?(?:what you think|(?:a |your |any )?(?:thoughts?|opinions?|views?|comments?|feedback|stor(?:y|ies) ideas?|tips?|experiences?)(?! (?:on|that|of|by|from)\b))",
        r"(?:let (?:me|us) know|tell us) (?:what you think|your|in the|below|if you)|what are your thoughts(?: on this)?\?|what'?s your (?:opinion|take|view)\?|do you agree(?: with| or)?\b.{0,60}\?",
        r"(?:have|got|do you have|know|seen|spotted|notice|see|find|found) (?:you |an? |any |something |more )?(?:\w+ ){0,2}(?:news )?(?:tips?|stor(?:y|ies)|typo|error|mistake|question|information|photo|something to)\b.{0,100}(?:\?|contact us|e-?mail|let us know|tell us|submit|press|ctrl)",
        r"(?:was|did you find) this (?:article|page|story|content|post) .{0,20}(?:helpful|useful|interesting)|(?:rate|report) (?:this|a typo|an error|a problem)\b",
        r"(?:please )?(?:note:? )?(?:all )?comments? (?:are|will be|must|should|may be|posted) (?:moderated|reviewed|subject|approved|be|respectful|held|the)\b|we (?:encourage|welcome|moderate|reserve) .{0,60}comments?\b|(?:the )?(?:views|opinions) expressed in (?:the )?comments",
        r"(?:to report|if you (?:notice|see|find|spot|have)) .{0,40}(?:error|typo|mistake|correction).{0,80}(?:contact|e-?mail|select|press|let us know|write|us\b)",
        r"select (?:the|a) text .{0,40}(?:ctrl|press)|press ctrl|(?:you can )?(?:also )?(?:e-?mail|contact|write to|call) us (?:at|on|via|here)\b",
    ),
    "promotion": (
        r"(?:click|tap|press|go|head|visit|scroll) (?:here|below|the link|on the link|the button|over to (?:our|the))\b.{0,120}",
        r"(?:to )?(?:read|see|watch|view|listen to|find out|learn|check out|explore|discover|browse|catch up on|get|hear) (?:more|the (?:full|rest|latest|original|entire|complete) (?:\w+ ){0,3}(?:article|story|report|interview|video|episode|stories|news|coverage|list|here)|all (?:the|our)|our)\b.{0,120}(?:here|below|click|\bour\b|on (?:this|our)|[»→>]|:)",
        r"(?:for|get|find) (?:more|the latest|all the latest|breaking|up-to-date|live)\b.{0,80}\b(?:follow|click|subscribe|download|sign up|see (?:our|here)|stay tuned|our|app|newsletter)\b",
        r"(?:download|get|install) (?:our|the|your) .{0,40}\bapps?\b|(?:you can )?(?:also )?(?:read|watch|listen) (?:this|it|more|to (?:it|this)) (?:\w+ ){0,4}(?:here|below|on our)\b",
        r"\(?(?:except for the headline,? )?this (?:story|report|article|content|copy) (?:has|was|is)\b.{0,80}\b(?:syndicated|auto-generated|automated|wire|agency) (?:news )?feed",
        r"read more (?:at|on|from|in) [\w-]+(?:\.[\w-]+)+\W*$|(?:read|view) (?:the )?original (?:article|story|post) (?:at|on|here)\b",
        r"check your local (?:weather )?forecast here|need a (?:news )?break\? (?:play|check)|catch up (?:on|with) (?:the|our|all)\b.{0,80}(?:here|\bour\b)",
        r"(?:the )?.{0,40}is a .{2,40}content partner offering|prices were accurate at the time|our fact[- ]check work is supported",
        r"what'?s (?:the weather|everyone talking about)\b.{0,60}\?|this (?:video|audio) (?:is|has|cannot|can't|requires|player)\b|(?:sorry|unfortunately|oops),? .{0,40}(?:video|browser|player|page)\b",
        r"this (?:story|article|post|piece|column) (?:first |originally |was (?:first |originally )?)+(?:appeared|published|posted|ran)\b|the post .{3,180} appeared first on\b",
        r"(?:stay|keep) (?:tuned|updated|informed)\b(?: with| to| for| by)?",
    ),
}
# every notice holds one of these; looking for them first spares the patterns on most lines
_KEYS = (
    "sign up", "sign-up", "signup", "signing up", "subscri", "newsletter", "inbox", "mailbox", "cookie", "privacy", "comment",
    "follow", "e-mail", "email", "join", "support", "donat", "contribut", "chip in", "become", "member", "patron", "click",
    "tap ", "press ", "visit", "patreon", "coffee", "thank", "know", "tell me", "tell us", "thought", "typo", "error",
    "mistake", "tip", "story", "app ", "apps ", "app.", "here", "more", "register", "opt out", "opt-out", "twitter",
    "facebook", "instagram", "telegram", "channel", "reach", "contact", "affiliate", "amazon associate", "commission",
    "appeared", "published", "posted", "stay ", "keep ", "forecast", "prices", "spam", "alerts", "updates", "introduce you",
    "your day", "fact check", "fact-check", "content partner", "what's ", "this video", "this audio", "this article",
    "this page", "agree", "object", "your data", "your phone", "like the page", "we need", "we rely", "view", "your",
)
_TESTS = tuple(
    (reason, re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE))
    for reason, patterns in _STARTS.items()
)
_CUT = re.compile(r"(?<=[.!?…])[\"”’')\]]*\s+(?=[\"“‘'(\[►•*]*[A-Z0-9])")
_TO_READER = re.compile(r"\b(?:you|your|you're|you've|our|us|here|more info)\b", re.IGNORECASE)
_QUOTED = re.compile(r"[\"“”«»]|(?:^|\s)'(?=\w)")
_SAID = re.compile(r"[,\"”’]\s+(?:\w+\s+){0,3}(?:said|says|told|added|wrote|asked|tweeted)\b")
_LEAD = " \t\u00a0►•*·-–—(▶➤👉📷>_[\"“"
LONGEST = 600  # characters of one sentence; longer ones are reporting or a page without line breaks


def sentence_notice(sentence: str) -> str | None:
    """The reason why one sentence is a notice, or None."""
    if len(sentence) > LONGEST or _spoken(sentence):
        return None
    bare = sentence.replace("’", "'").lstrip(_LEAD)
    return next((reason for reason, test in _TESTS if test.match(bare)), None)


@lru_cache(maxsize=2048)
def notices(line: str) -> tuple[tuple[int, int, str], ...]:
    """Ranges (start, end, reason) of a line that are notices, ascending; the whole line or sentences.

    The whole line goes when one of its sentences is a notice and all others speak to the reader
    too; otherwise only sentences that are notices and hold no quotation go.
    """
    if line.lstrip()[:1] in "\"“«„":
        return ()
    low = line.lower()
    if not any(key in low for key in _KEYS):
        return []
    cuts = [0, *(found.end() for found in _CUT.finditer(line)), len(line)]
    parts = [(start, end) for start, end in zip(cuts, cuts[1:], strict=False) if start < end]
    found = [(start, end, sentence_notice(line[start:end])) for start, end in parts]
    first = next((reason for _, _, reason in found if reason), None)
    if first is None:
        return ()
    if all(reason or _to_reader(line[start:end]) for start, end, reason in found):
        return ((0, len(line), first),)
    return tuple((start, end, reason) for start, end, reason in found if reason and not _quoting(line, start, end))


def _quoting(line: str, start: int, end: int) -> bool:
    """Whether the range holds quoted words or stands inside a quotation."""
    before = line[:start]
    opened = before.count("“") > before.count("”") or before.count('"') % 2 == 1
    return opened or _QUOTED.search(line[start:end]) is not None


def _to_reader(sentence: str) -> bool:
    """Whether a sentence beside a notice belongs to it: speaks to the reader, or is a few words."""
    return len(sentence) < 25 or (len(sentence) <= LONGEST and _TO_READER.search(sentence) is not None)


def _spoken(sentence: str) -> bool:
    """Whether the sentence is somebody's quoted words."""
    return sentence.lstrip()[:1] in "\"“‘«„" or _SAID.search(sentence) is not None

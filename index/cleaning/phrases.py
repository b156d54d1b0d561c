"""How notices to the reader begin, as patterns: data for `index.cleaning.appeals`, no logic.

Each pattern is matched from the start of a sentence, case aside, curly apostrophes made straight.
"""

from __future__ import annotations

_ASK = (
    r"(?:please |kindly |to .{2,40}, |click (?:here )?to |don'?t forget(?: to)?\W{1,3}|remember to |"
    r"be sure to |make sure (?:to|you) |and |so |or |now,? |you can (?:also )?|want .{2,80}\? ){0,3}"
)
_LETTER = (
    r"(?:newsletters?|mailing list|e-?mail (?:list|alerts?|updates?|newsletter)|inbox|e-?mails?|briefings?|"
    r"daily digest|"
    r"(?:telegram|whatsapp|youtube|signal|viber|tiktok) ?(?:channel|group|page)?|channel|"
    r"push notifications|notifications|text alerts|alerts|updates|podcast|rss feed|free trial|premium)"
)
_NETWORK = (
    r"(?:twitter|facebook|instagram|telegram|youtube|tiktok|linkedin|threads|bluesky|mastodon|google news|"
    r"flipboard|"
    r"whatsapp|reddit|pinterest|social media|social networks|truth social|snapchat|viber|gettr|parler|"
    r"apple news|\bx\b|@\w+)"
)
# an article that tells when it was first published tells its date: that is no promotion
_DAY = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec|mon|tues|wednes|thurs|fri|satur|sun|\d)"
# reason -> patterns found at the start of a sentence
STARTS: dict[str, tuple[str, ...]] = {
    "newsletter or sign-up notice": (
        rf"{_ASK}(?:sign[ -]?up|subscribe|register|join|opt in)\b.{{0,160}}?\b{_LETTER}\b",
        rf"{_ASK}(?:sign[ -]?up|subscribe|register)(?: now| today| here| for free| below|"
        rf" with your e-?mail)+\b",
        rf"{_ASK}(?:sign[ -]?up|subscribe) (?:to|for|and|using|by|via) (?:our|my|the|us|get|receive|be|"
        rf"stay)\b",
        r"(?:get|receive|have|want|like|enjoying|love) .{0,160}(?:in|to|into) your (?:e-?mail )?(?:inbox|"
        r"mailbox|e-?mail|phone)\b",
        r".{0,100}\b(?:delivered|sent|straight|directly?) .{0,30}to your (?:inbox|e-?mail|phone)\b",
        r"(?:by|when) (?:signing up|subscribing|registering|submitting|providing your|entering your|"
        r"clicking|creating an account|joining).{0,80}\b(?:you|i) (?:agree|consent|confirm|accept|"
        r"acknowledge|are agreeing|will receive|may receive)\b",
        r"we(?:'ll| will)? (?:use|only use|process|may use) your (?:sign-?up|e-?mail|data|personal|"
        r"information|details)\b",
        r"(?:you (?:can|may) |click here to )?(?:unsubscribe|opt[ -]?out)(?: \w+){0,4} (?:at )?any ?time\b",
        r"(?:would you like|do you want|want) to (?:receive|get) .{0,80}(?:newsletter|e-?mails?|updates|"
        r"alerts)\b",
        r"(?:thanks?|thank you) for (?:signing up|subscribing|your subscription|registering)",
        r"(?:check|please check) your (?:inbox|e-?mail) (?:to|for)\b|invalid e-?mail|"
        r"an error (?:has )?occurred.{0,60}(?:sign|subscri|try again)",
        r"this (?:newsletter|e-?mail) (?:may|might) contain|.{0,60}newsletter may contain (?:info|ads|"
        r"advert)|for more information,? see our privacy",
        r"if you wish to object to the use of your data|we (?:don'?t|do not|never|won'?t) spam",
        r"get (?:the|our|all the|your|more|breaking|daily|weekly|free|exclusive|"
        r"this) .{0,80}(?:newsletters?|e-?mail alerts?|by e-?mail|briefing)\b",
        r"(?:the )?.{0,40}\bnewsletter (?:provides|brings|delivers|gives) you\b|"
        r"\(?you can (?:also )?get .{2,80}delivered\b",
        r"let us introduce you to|if your day doesn'?t start until",
        r"stay (?:up[ -]to[ -]date|informed|ahead|tuned|connected|in the know|in touch).{0,80}(?:newsletter|"
        r"subscri|sign|follow|our|us\b)",
    ),
    "cookie notice": (
        r"(?:we|our (?:web ?)?site|this (?:web ?)?site|our partners|we and our|the (?:web)?site you|"
        r"our website)\b.{0,80}\b(?:uses?|using|store|place)\b.{0,60}\bcookies\b",
        r"(?:by (?:continuing|using|browsing|clicking|accepting|visiting|closing)|"
        r"if you continue)\b.{0,100}\b(?:you (?:agree|consent|accept)|cookies?|we (?:will )?assume)\b",
        r"(?:accept|manage|reject|allow|decline|enable|customi[sz]e)(?: all| your| our| necessary|"
        r" only)* cookies?\b|cookie (?:policy|settings|preferences|consent|notice)\b",
        r"(?:read|see|view|check) (?:our|the) (?:privacy|cookie) (?:policy|notice)|these cookies (?:will|"
        r"are|do|help|allow)|(?:i|we) value your privacy",
        r"to (?:view|see|watch|show you) this .{0,40}(?:enable|accept|cookies)|this content is (?:hosted|"
        r"provided) by a third party",
        r"please (?:review|read) our (?:privacy|terms|community|comment)",
    ),
    "follow or join notice": (
        rf"{_ASK}(?:follow|like|find|join|friend|add|connect with|catch|tweet|visit|chat with|"
        rf"subscribe to) (?:us|me|our|him|her|them|my|the (?:author|page)|@).{{0,120}}?\b(?:{_NETWORK}|page|"
        rf"community|conversation|comments?|discussion|channel|group|on)\b",
        rf"{_ASK}follow (?!up|suit|through)[^,;:]{{2,120}}?(?:\bon |\bat |\bvia )(?:{_NETWORK})",
        r"(?!contact ?: ?[(\d])(?!.{0,120}(?:information|to (?:order|register|apply|book|help)|by calling|"
        r"us at)\b)"
        r"(?:follow|find|tweet|reach|contact|e-?mail|write to|message|reach out to|you can (?:follow|reach|"
        r"contact|find|e-?mail)|(?:he|she|they) can be (?:reached|followed|contacted|found)|(?:reach|follow|"
        r"contact|e-?mail|tweet|reach out to) (?:him|her|them|me|us))\b.{0,120}(?:@\w+|"
        r"\(?\d{3}\)?[-. ]\d{3}[-. ]\d{4})",
        rf"(?:we(?:'re| are)|i(?:'m| am)|now|find us|also) (?:also |now )?(?:on|available on) {_NETWORK}",
        r"(?:do you support|like) .{2,60}\? like the page",
        r"(?:twitter|instagram|facebook|e-?mail)\s?: ?@?[\w.@]+$",
    ),
    "appeal": (
        r".{2,80} is a reader-supported publication|to (?:receive|get) (?:new posts|updates|this newsletter|"
        r"more)\b.{0,160}\b(?:subscri|sign|support|donat)",
        r"(?:please |help )?(?:consider (?:supporting|donating|contributing|becoming)|support(?! (?:for|"
        r"from|among|of|has|is|was|by|to)\b)|donate|contribute|chip in|become)\b.{0,80}\b(?:our|us|my|this|"
        r"independent|local|quality|free) ?(?:\w+ ){0,3}(?:journalism|newsroom|reporting|media|work|site|"
        r"website|mission|channel|patron|member|content|coverage|donation)\b",
        r"(?:please )?(?:become|be) (?:a|an|our) (?:\w+ ){0,3}(?:member|patron|subscriber|supporter|"
        r"sponsor)\b.{0,60}(?:today|now|us|our|for|$)",
        r"(?:thank you|thanks) for (?:supporting|reading|visiting|your support|being|choosing)\b|"
        r"support local journalism|help us (?:keep|continue|stay|grow|fund|make|improve)",
        r"(?:buy (?:me|us) a (?:coffee|beer)|(?:support|join) .{0,30}\bpatreon|donate (?:now|today|here|via|"
        r"to (?:us|our)|with|using))",
        r"if you (?:like|liked|enjoy|enjoyed|value|appreciate|found|love|believe in|"
        r"want to support) (?:\w+ ){0,4}(?:article|story|post|work|journalism|reporting|content|site|blog|"
        r"do|website)\b",
        r"we (?:need|rely on|depend on|can'?t do (?:this|it) without|are funded by|"
        r"are able to) (?:\w+ ){0,3}(?:your|you|readers|donations)\b|your (?:support|donation|contribution|"
        r"subscription) (?:helps|makes|keeps|will|allows|is)",
        r"(?:[\w ]{2,40} )?is free, but several stories|consider supporting our|just for subscribers|"
        r"these articles are for .{2,40}subscribers",
        r"(?:as an amazon associate|we may earn|this (?:post|article|page) (?:may )?contains? affiliate|"
        r"purchases you make through our links|if you (?:buy|purchase|click) .{0,60}we may)",
    ),
    "question or notice to readers": (
        r"(?:[^\"“”]{0,100}[?!,:—–-] ?)?(?:please |and |so |do )?(?:let (?:me|us) know|tell (?:me|us)|share|"
        r"leave|drop|give (?:me|us)|post|sound off|comment|weigh in|write)\b.{0,80}\b(?:in|on|using|"
        r"with) (?:the |our )?comments?\b(?!,| (?:to|made|from|by)\b)",
        r"(?:please )?(?:leave|share|tell us|give us|send us|let us know|drop|post|"
        r"write) (?:us )?(?:what you think|(?:a |your |any )?(?:thoughts?|opinions?|views?|comments?|"
        r"feedback|stor(?:y|ies) ideas?|tips?|experiences?)(?! (?:on|that|of|by|from)\b))",
        r"(?:let (?:me|us) know|tell us) (?:what you think|your|in the|below|if you)|"
        r"what are your thoughts(?: on this)?\?|what'?s your (?:opinion|take|view)\?|do you agree(?: with|"
        r" or)?\b.{0,60}\?",
        r"(?:have|got|do you have|know|seen|spotted|notice|see|find|found) (?:you |an? |any |something |"
        r"more )?(?:\w+ ){0,2}(?:news )?(?:tips?|stor(?:y|ies)|typo|error|mistake|question|information|"
        r"photo|something to)\b.{0,100}(?:\?|contact us|e-?mail|let us know|tell us|submit|press|ctrl)",
        r"(?:was|did you find) this (?:article|page|story|content|post) .{0,20}(?:helpful|useful|"
        r"interesting)|(?:rate|report) (?:this|a typo|an error|a problem)\b",
        r"(?:please )?(?:note:? )?(?:all )?comments? (?:are|will be|must|should|may be|posted) (?:moderated|"
        r"reviewed|subject|approved|be|respectful|held|the)\b|we (?:encourage|welcome|moderate|"
        r"reserve) .{0,60}comments?\b|(?:the )?(?:views|opinions) expressed in (?:the )?comments",
        r"(?:to report|if you (?:notice|see|find|spot|have)) .{0,40}(?:error|typo|mistake|"
        r"correction).{0,80}(?:contact|e-?mail|select|press|let us know|write|us\b)",
        r"select (?:it|(?:the|a) .{0,20}(?:text|word|fragment)) .{0,40}(?:ctrl|press)|press ctrl|"
        r"(?:you can )?(?:also )?(?:e-?mail|contact|"
        r"write to|call) us (?:at|on|via|here)\b",
    ),
    "promotion": (
        r"(?:click|tap|press|go|head|visit|scroll) (?:here|below|the link|on the link|the button|"
        r"over to (?:our|the))\b.{0,120}",
        r"(?:to )?(?:read|see|watch|view|listen to|find out|learn|check out|explore|discover|browse|"
        r"catch up on|get|hear) (?:more|the (?:full|rest|latest|original|entire|"
        r"complete) (?:\w+ ){0,3}(?:article|story|report|interview|video|episode|stories|news|coverage|list|"
        r"here)|all (?:the|our)|our)\b.{0,120}(?:here|below|click|\bour\b|on (?:this|our)|[»→>]|:)",
        r"(?:for|get|find) (?:more|the latest|all the latest|breaking|up-to-date|live)\b.{0,80}\b(?:follow|"
        r"click|subscribe|download|sign up|see (?:our|here)|stay tuned|our|app|newsletter)\b",
        r"(?:download|get|install) (?:our|the|your) .{0,40}\bapps?\b|(?:you can )?(?:also )?(?:read|watch|"
        r"listen) (?:this|it|more|to (?:it|this)) (?:\w+ ){0,4}(?:here|below|on our)\b",
        r"\(?(?:except for the headline,? )?this (?:story|report|article|content|copy) (?:has|was|"
        r"is)\b.{0,80}\b(?:syndicated|auto-generated|automated|wire|agency) (?:news )?feed",
        r"read more (?:at|on|from|in) [\w-]+(?:\.[\w-]+)+\W*$|(?:read|view) (?:the )?original (?:article|"
        r"story|post) (?:at|on|here)\b",
        r"check your local (?:weather )?forecast here|need a (?:news )?break\? (?:play|check)|"
        r"catch up (?:on|with) (?:the|our|all)\b.{0,80}(?:here|\bour\b)",
        r"(?:the )?.{0,40}is a .{2,40}content partner offering|prices were accurate at the time|"
        r"our fact[- ]check work is supported",
        r"what'?s (?:the weather|everyone talking about)\b.{0,60}\?|this (?:video|audio) (?:is|has|cannot|"
        r"can't|requires|player)\b|(?:sorry|unfortunately|oops),? .{0,40}(?:video|browser|player|page)\b",
        rf"this (?:story|article|post|piece|column)(?!.{{0,40}} on {_DAY}) (?:first |originally |"
        rf"was (?:first |"
        r"originally )?)+(?:appeared|published|posted|ran)\b|the post .{3,180} appeared first on\b",
        r"(?:stay|keep) (?:tuned|updated|informed)(?:[.! ]*$| (?:for|as|with us|by|to our|on recent)\b)",
    ),
}
# every notice holds one of these; looking for them first spares the patterns on most lines
KEYS = (
    "sign up",
    "sign-up",
    "signup",
    "signing up",
    "subscri",
    "newsletter",
    "inbox",
    "mailbox",
    "cookie",
    "privacy",
    "comment",
    "follow",
    "e-mail",
    "email",
    "join",
    "support",
    "donat",
    "contribut",
    "chip in",
    "become",
    "member",
    "patron",
    "click",
    "tap ",
    "press ",
    "visit",
    "patreon",
    "coffee",
    "thank",
    "know",
    "tell me",
    "tell us",
    "thought",
    "typo",
    "error",
    "mistake",
    "tip",
    "story",
    "app ",
    "apps ",
    "app.",
    "here",
    "more",
    "register",
    "opt out",
    "opt-out",
    "twitter",
    "facebook",
    "instagram",
    "telegram",
    "channel",
    "reach",
    "contact",
    "affiliate",
    "amazon associate",
    "commission",
    "appeared",
    "published",
    "posted",
    "stay ",
    "keep ",
    "forecast",
    "prices",
    "spam",
    "alerts",
    "updates",
    "introduce you",
    "your day",
    "fact check",
    "fact-check",
    "content partner",
    "what's ",
    "this video",
    "this audio",
    "this article",
    "this page",
    "agree",
    "object",
    "your data",
    "your phone",
    "like the page",
    "we need",
    "we rely",
    "view",
    "your",
)

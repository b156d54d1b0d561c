"""Words of buttons and labels of news pages, as patterns: data for `index.cleaning.notices`, no logic.

Each pattern is matched against a whole line without bullets, arrows and end marks, case aside.
English, since each of them is one page's own words; signs that need no language are told elsewhere.
"""

from __future__ import annotations

_SOCIAL = (
    r"facebook|twitter|x|linkedin|reddit|pinterest|tumblr|whatsapp|telegram|viber|messenger|instagram|"
    r"flipboard|youtube|tiktok|threads|bluesky|mastodon|vk|ok\.ru|odnoklassniki|pocket|line|wechat|weibo|"
    r"google(?: ?\+| news| plus)?|skype|snapchat|truth social|rss|e-?mail|print|sms|messages?"
)
_SOURCE = r"(?:article|story|post|page|piece|content|video|news)"

# reason -> patterns, each matched against a whole line stripped of bullets, arrows and end marks
LABELS: dict[str, tuple[str, ...]] = {
    "comments": (
        r"(?:view |show |see |read |all |"
        r"hide )*(?:the )?(?:\(?\d[\d,.]*k?\)? )?comments?(?: ?[(:]? ?\d*\)?)?",
        r"no comments(?: yet)?|comments (?:are )?(?:closed|off|disabled).{0,40}|comments? (?:section|policy|"
        r"rules)",
        r"leave (?:a |your )?(?:reply|comment|response)(?: cancel reply)?.{0,20}|cancel reply|\d* ?repl(?:y|"
        r"ies)",
        r"(?:please )?enter your (?:comment|name|e-?mail)(?: here)?!?|comment moderation is .{3,80}|"
        r"your comment (?:may|will|is) .{3,60}",
        r"(?:post|add|write|submit)(?: a| your)? comments?.{0,20}|be the first to (?:comment|reply|"
        r"share).{0,60}",
        r"(?:join|start|view) the (?:conversation|discussion|debate)(?: \(\d+\))?|have your say",
        r"loading comments?|sort by(?: newest| oldest| best)?|(?:most )?liked comments",
        r"\d+ (?:thoughts?|responses?|comments?|repl(?:y|ies)) (?:on|to) .{3,150}",
        r"discussion about this post|(?:editor's note: )?comments? may be moderated.{0,80}",
    ),
    "share buttons": (
        rf"(?:(?:share (?:on|via|to)|on|via|&|{_SOCIAL}|share|tweet|pin|like|send)[\s:|,/•·]+)+(?:{_SOCIAL}|"
        rf"share|tweet|pin|like|send)",
        rf"(?:share|tweet|pin|post|send|like|follow|save|copy|forward|shares?)(?: this| it| us| now)?"
        rf"(?: {_SOURCE}| link| url)?(?: on| via| by| to| with| in)?[\s:|,/•·]+(?:{_SOCIAL})",
        rf"(?:share|save|send|tweet|pin|like|forward|gift|bookmark|copy|e-?mail|print)(?: this| the| it|"
        rf" full)?"
        rf"(?: {_SOURCE}| link| url| with (?:friends|your friends))+|share|share it|tweets?|retweet|pin it|"
        rf"shares|link copied",
        r"share (?:this )?.{0,20}(?:with (?:your )?(?:friends|family|others)|on social media|options?|icon|"
        r"button|tools)",
        r"click to (?:share|e-?mail|print).{0,80}|share on .{0,40}|opens in (?:a )?new (?:window|tab)",
        r"\d[\d,.]*\s?[km]?\+? (?:total )?(?:shares?|views?|likes?|reads?|retweets?|tweets|reactions?|hits|"
        r"followers)",
        r"(?:shares?|views?|likes?|reads?|post views|reactions?|votes?)\s?:?\s?\d[\d,.]*\s?[km]?",
        r"like this|like loading|like \d+|share this on|spread the (?:word|love|news)|show your support",
        r"(?:share|tweet|pin|e-?mail|print|save|like) (?:this|it|us)|loading|preferred source on google|"
        r"(?:add|make|set) .{2,40} (?:as )?(?:a |your )?preferred source.{0,20}",
        r"link to (?:this )?(?:article|story|post)|copy (?:the )?(?:link|url|shortlink).{0,20}|get link|"
        r"permalink",
    ),
    "navigation": (
        r"skip to (?:main |the )?(?:content|navigation|article|footer|search|primary|secondary).{0,20}",
        r"(?:main |primary |toggle |mobile |open |close |site |top )*(?:menu|navigation|nav|"
        r"sidebar)(?: menu)?",
        r"home ?page|back to top.{0,10}|back to (?:home|news|all .{1,20}|(?:the )?home ?page)|go back|"
        r"return to (?:top|home.{0,10})",
        r"(?:previous|next|prev|older|newer) (?:article|post|story|page|entry|news|"
        r"topic)s?(?: ?[:»-] ?.{0,150})?",
        r"(?:prev(?:ious)?|next)[ /|]+(?:next|prev(?:ious)?)|post navigation|page \d+ (?:of|/) \d+",
        r"(?:see|view|show|load|browse|display|explore) (?:all|more|less|full .{0,20})(?: .{1,30})?",
        r"close(?: menu| this| ad| search| dialog)?|collapse|more options|search (?:for|this site|results)",
        r"home\s?(?:[»>›/|→•·:\\]|&raquo;)\s?.{1,190}|you are here:? .{0,150}",
        r"(?:[\w&' -]{2,40} ?[»›→] ?){2,}[^.]{0,150}",
        r"(?:hide|show) caption|toggle caption|enlarge(?: this)? image|open image modal|"
        r"view image in full.{0,20}",
        r"about us|contact(?: us)?|advertise(?: with us)?|privacy policy|terms (?:of (?:use|service)|"
        r"and conditions|& conditions)",
        r"(?:(?:about(?: us)?|contact(?: us)?|advertis\w+(?: with us)?|privacy(?: policy)?|careers|"
        r"site ?map|help|faqs?|"
        r"terms(?: (?:of|and|&) \w+)?|cookie(?:s| policy| settings)?|disclaimer|imprint|impressum|"
        r"accessibility|"
        r"do not sell my (?:personal )?info\w*|your (?:ad|privacy) choices)[\s|•·,/]*){2,}",
        r"(?:this )?(?:article|page) (?:is )?(?:also )?available in .{3,60}|open in app|go to (?:top|"
        r"homepage)|table of contents",
    ),
    "link to the source": (
        r"(?:source|original|via)?[: -]*(?:read|view|see|get|continue|click) (?:here |"
        r"to )*(?:read )?(?:the )?"
        r"(?:full|entire|whole|complete|original|rest of the?|more of the?)? ?(?:original )?"
        rf"(?:{_SOURCE}|report|reading|text|source)(?: (?:here|now|at|on|from|in|via|»).{{0,60}})?",
        r"(?:original |article )?source(?: link| url)?s?|source ?(?:link|url)?[: ]+(?:https?://\S+|link|"
        r"here|www\.\S+)",
        r"(?:read|see|view|find out|learn|discover|show|watch|get|click for) more(?: (?:here|at|on|about|"
        r"info)\b.{0,60})?",
        r"continue(?: reading)?(?: .{0,120})?|keep reading|read on|full (?:story|article|report)(?: here)?|"
        r"read it here",
        r"click here(?: (?:to|for) .{1,120})?|(?:original|full) (?:article|story|post|text)(?: (?:here|"
        r"link))?",
        r"(?:this )?(?:article|story|post|content|news)(?!.* on (?:\d|[a-z]{3,9}\.? \d))(?: was| is|"
        r" has been|)?(?: originally| first| also)+ "
        r"(?:appeared|published|posted|seen|ran) (?:on|in|at|by|here).{0,120}",
        r"originally (?:published|posted|appeared) (?:on|in|at|by|here).{0,120}|"
        r"the post .{3,180} (?:first )?appeared (?:first )?on .{2,80}",
        r"(?:read|source|via|credit|link)[ :]+https?://\S+|(?:news|article|content) (?:source|"
        r"credit)s?: .{2,60}|hat tip:? .{2,40}",
        r"(?:go to|visit|view|see|open) (?:the )?(?:source|original)(?: .{0,40})?",
        r"(?:get|read|download) the (?:full|latest) (?:story|report|update)s? .{0,60}here|more (?:info|"
        r"information|details)",
    ),
    "advertisement": (
        r"(?:- ?)?advert(?:isement|isements|ising|s|orial)?(?: ?[-–—:.] ?.{0,80})?|ads?(?: by .{2,30})?|"
        r"\W*\[?ad_\d+\]?\W*",
        r"(?:story|article|content|text|post)s? continues? (?:below|after|following).{0,60}|"
        r"continue (?:below|after) .{0,40}",
        r"scroll (?:down )?(?:to|for) (?:continue|more|read).{0,60}|sponsored(?: (?:content|links?|stor\w+|"
        r"posts?|by .{2,40}))?",
        r"promoted(?: (?:content|stor\w+|by .{2,40}|posts?))?|paid (?:content|post|partner content|"
        r"for by .{2,40})|partner content",
        r"(?:video )?ad feedback(?: .{0,150})?|(?:just|now) (?:watched|playing) .{0,200}|"
        r".{0,120}\d\d:\d\d - source: .{2,100}|report (?:this )?ad|remove ads|(?:why )?(?:ads|"
        r"this ad).{0,20}|skip ad(?: in \d+)?",
        r"advertise (?:here|with us).{0,40}|affiliate links?.{0,60}|recommended by(?: outbrain| taboola)?|"
        r"(?:proudly )?powered by .{2,30}|(?:wordpress )?theme(?:s)?(?: :| by) .{2,40}|designed by .{2,40}",
        r"play video|video player|video unavailable|this video (?:is|has been|cannot|can't) .{2,60}|"
        r"an error (?:has )?occurred.{0,60}|"
        r"something went wrong.{0,60}|0:00(?: / \d+:\d\d)?",
        r"(?:please )?(?:disable|turn off) your ad ?blocker.{0,80}|ad ?blocker? detected.{0,60}",
    ),
    "reading time": (
        r"(?:\d[\d,.km]* ){0,4}(?:(?:estimated |average )?(?:read(?:ing)?|"
        r"listen(?:ing)?)(?: time)?[: –-]*)?(?:about |~|< ?|less than )?(?:\d+|an?|one|two|three|four|five)"
        r"[\s-]?min(?:ute)?s?\.?[\s-]?(?:read|reading|to read|listen|watch|video)(?: time)?",
        r"(?:estimated |average )?(?:read(?:ing)? time|time to read)\s?[:–-]?\s?(?:about |~|< ?|"
        r"less than )?(?:\d+|an?|one) ?[\s-]?"
        r"(?:m|min(?:ute)?s?|sec(?:ond)?s?)?(?: ?\d* ?sec\w*)?",
        r"listen to (?:this )?(?:article|story|the article|audio)?(?: ?[(:]?\d.{0,20})?|audio (?:article|"
        r"version).{0,30}|play audio",
        r"(?:text|font)[ -]?size.{0,30}|a ?[+-] ?a ?[+-]?|(?:[aа][+\-−]? ?){3}|(?:in|de)crease (?:text|"
        r"font) size|(?:resize|larger|smaller) (?:text|font)",
        r"listen(?: \d.{0,20})?|your browser does not support (?:the )?(?:audio|video|html5).{0,60}|"
        r"dark mode|light mode",
    ),
    "login prompt": (
        r"(?:sign|log)[ -]?(?:in|on|out)(?: ?[/|] ?| or )?(?:register|sign[ -]?up|join|subscribe|"
        r"create (?:an )?account)?(?: now| here| free)?",
        r"(?:you must be |please |you need to (?:be )?)?log(?:ged)?[ -]?in (?:to|or) .{2,80}|my account|"
        r"register(?: now| here| for free)?",
        r"sign in (?:to|with|or) .{2,60}|forgot(?:ten)? (?:your )?password.{0,20}|remember me|"
        r"username(?: or e-?mail.{0,15})?",
        r"already (?:a |have an? )(?:subscriber|member|account|registered|subscription).{0,60}|create (?:a |"
        r"an |your )?(?:free )?account.{0,80}",
        r"(?:this|the) (?:article|content|story|post|page) is (?:only )?(?:for|available (?:only )?(?:to|"
        r"for)|exclusive(?:ly)? (?:to|for)|reserved for) .{0,40}(?:subscribers|members).{0,40}",
        r"subscribe(?:rs)?(?: (?:now|today|here|only|for free|to (?:continue|read|unlock|our).{0,80}))?|"
        r"(?:for )?subscribers only|members only",
        r"this (?:item|article|story|content) is available (?:in full )?to .{3,40}|please (?:log|"
        r"sign) ?in to (?:continue|read|view).{0,40}",
        r"subscribed|upgrade to paid|ready for more\??|start writing|substack is the home.{0,40}|\W*paid|"
        r"give a gift subscription|"
        r"refer a friend|privacy ∙ terms.{0,40}|.{0,60}\bin your inbox.{0,30}",
        r"to (?:continue|keep) reading.{0,120}|you(?:'ve| have) (?:reached|read|used|\d+).{0,40}(?:free|"
        r"remaining) .{0,40}(?:articles?|limit|stories|month).{0,60}",
        r"get (?:full|unlimited|premium|digital) access.{0,80}|start (?:your )?free trial.{0,60}|"
        r"unlock (?:this|the) (?:article|story).{0,60}|don't have an account.{0,60}",
    ),
    "comment form": (
        r"(?:your )?e-?mail(?: address)?(?: \*)?(?: (?:is )?(?:will not|won't) be (?:published|shared|"
        r"disclosed).{0,80})?|name ?\*|website url",
        r"required fields are marked ?\*?|notify me (?:of|when|via) .{3,80}|save my name.{3,120}|"
        r"(?:your )?(?:name|message|comment) ?\*",
        r"this site uses akismet.{0,100}|learn how your comment data is processed|enter your (?:e-?mail|"
        r"name|comment).{0,80}",
        r"(?:your )?e-?mail(?: address)? ?\(?(?:required|optional)?\)?|captcha.{0,40}|submit|i'm not a robot",
        r"type your (?:e-?mail|comment|search).{0,40}|your browser .{0,20}javascript.{0,60}|"
        r"please enable javascript.{0,80}|reply to .{2,40}",
    ),
    "app advert": (
        r"(?:download|get|install|try) (?:our|the|your) (?:[\w' .&-]{1,40} )?apps?\b.{0,80}",
        r"(?:download|get it|available)(?: now)? (?:on|from|in|at) (?:the )?(?:app ?store|google play|apple|"
        r"android|play store).{0,60}",
        r"(?:app ?store|google play|apple podcasts|spotify|stitcher|iheart ?radio)(?:[\s|,/•·]+(?:and |"
        r"or )?(?:app ?store|google play|apple podcasts|spotify|stitcher|youtube))*",
    ),
    "copyright": (
        r"(?:©|\(c\)|copyright)\s?(?:©|\(c\))?.{0,180}(?:rights? reserved|reserved|(?:19|20)\d\d).{0,160}",
        r".{0,100}all rights? reserved.{0,120}|(?:material|content) may not be (?:published|reproduced|"
        r"copied).{0,100}",
    ),
    "language switcher": (
        r"(?:select|choose|change|switch)(?: your| the| to)? (?:language|edition|region|country).{0,30}|"
        r"languages?|translate(?: this page| »)?|powered by google translate",
    ),
    "tags": (
        r"(?:tags?|tagged|filed (?:under|in)|posted (?:in|under|on .{0,30} in)|keywords?|labels?|"
        r"related (?:topics?|tags)|hashtags?|trending topics?|etiquetas|schlagwörter)(?: with| as|"
        r" in)?\s?[:|—–-]+\s?.{1,180}",
        r"tagged|filed under|posted in|related topics?|(?:in|more on|explore) this (?:article|story|topic)s?",
        r"(?:#[^\W]\w*[\s,]*){1,20}",
    ),
}
# furniture only at the head or tail of the page or beside other furniture: each may be a subheading
WEAK = (
    rf"{_SOCIAL}|home|search|menu|more|next|previous|name|message|discussion|responses|topics|categor(?:y|"
    rf"ies)|"
    r"related|trending|password|website|close|expand|loading|help|contact|about|privacy|live|video|videos|"
    r"photos?|"
    r"gallery|(?:photo|picture|image) gallery|listen|watch|view|share|save|like|reply|languages?|keywords|"
    r"tags|top|latest|"
    r"what do you think|sponsored|source|sources|credit|published|updated|posted|author|(?:about|"
    r"by) the authors?|"
    r"edited by|written by|up next|opinion|news|world|world news|politics|business|europe|asia|africa|"
    r"americas|"
    r"middle east|international|national|local|sports?|technology|tech|science|health|culture|entertainment|"
    r"lifestyle|economy|military|defen[cs]e|war|breaking(?: news)?|top news|headlines|features?|featured|"
    r"analysis|"
    r"commentary|editorials?|exclusive|interviews?|blogs?|columns?|uncategori[sz]ed|front page|general|"
    r"latest news|"
    r"accept(?: all)?|decline|reject(?: all)?|ok|got it|i agree|agree|dismiss|allow|no thanks|maybe later|"
    r"not now|"
    r"newsletters?|sign up|log in|subscribe|donate|support us|next up|get in touch|(?:news|web) desk|"
    r"staff(?: reporter| writer)?|admin|"
    r"editor|stay connected|follow us|disclaimer|podcasts?|shop|events|weather|jobs|obituaries|classifieds|"
    r"e-?paper|"
    r"ukraine|russia|usa?|uk|ukraine war|russia-ukraine war|war in ukraine|global|markets|finance|money|"
    r"video news",
)
RELATED = (
    r"related(?: (?:articles?|stor(?:y|ies)|posts?|news|content|coverage|links?|reading|videos?|items|"
    r"reports?))?(?: (?:from|on|about|to) .{2,60})?",
    r"(?:you (?:may|might|will|'ll|could) (?:also )?(?:like|love|enjoy|be interested in|have missed|"
    r"want to read)|you may also)(?: .{0,30})?",
    r"recommended(?: (?:for you|stor(?:y|ies)|reading|articles?|posts?|videos?|links?))?|"
    r"(?:our )?recommendations?(?: for you)?",
    r"(?:most|more) (?:read|popular|viewed|shared|commented|recent|watched)(?: (?:news|stor(?:y|ies)|posts?|"
    r"articles?|videos?|in .{2,30}|on .{2,30}))*|trending(?: now| news| stories| today| topics)?",
    r"(?:popular|latest|recent|top|featured|other|similar|more|breaking|today's|must-read|fresh) (?:news|"
    r"posts?|stor(?:y|ies)|articles?|headlines?|comments|videos?|updates|reads?|links)(?: (?:from|in|on|"
    r"about|for|by) .{2,60})?",
    r"more (?:from|on|about|in|by|like) (?:this|the|our|.{2,50})|more (?:coverage|to (?:explore|read|come|"
    r"watch))|also (?:in|on|from) .{2,40}",
    r"editor'?s'? (?:picks?|choice|recommendations?)|don'?t (?:miss|forget)(?: it| this| these)?|"
    r"must[ -](?:reads?|see|watch)|just in|in case you missed(?: it)?|icymi",
    r"read (?:also|next|this|now|more|related)|also read|see also|read also|now read|what to read next|"
    r"keep reading|further reading|what others are reading|people also (?:read|ask)",
    r"(?:from )?(?:around|elsewhere on|across) the web|(?:sponsored|promoted) (?:stories|links)|"
    r"you (?:missed|may have missed)|explore more|stories? (?:you may|for you|by).{0,30}|we recommend|"
    r"suggested (?:for you|reading|articles|posts)",
)

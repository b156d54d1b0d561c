from __future__ import annotations

import pytest

from index.cleaning.clean import clean
from index.types import Article

TITLE = "Lindholm ferries to sail again after three months"
BEFORE = "The harbour authority of Lindholm said on Tuesday that the ferry to the islands would resume."
AFTER = "The service was stopped in March after a fire on board injured four crew members."

ANYWHERE = """Advertisement
ADVERTISEMENT - CONTINUE READING BELOW
Story continues below advertisement
[ad_2]
Sponsored content
JUST IN: Minister resigns over budget leak
DON'T MISS: Ten islands to visit this summer
ALSO READ | Why the northern ports are closing
READ MORE: Why the northern ports are closing
See also  Why the northern ports are closing
WATCH: Moment the ferry caught fire
➡️ Read more: Why the ports are closing
Union leader ‘lied’ over budget leak [ANALYSIS]
Fire on the ferry:Union calls for a strike at the port
Sign up for our daily newsletter
Subscribe to our newsletter and never miss an update.
Get the day's top stories delivered to your inbox.
We use your sign-up to send content in ways you agreed to. You can unsubscribe at any time. More info
Click here to join our WhatsApp channel
Follow us on Twitter and Facebook for more news
Support our independent journalism by becoming a member today.
Download the Herald app for breaking news alerts
We use cookies to improve your experience on our site.
Share on Facebook
Click to share on Twitter (Opens in new window)
Facebook Twitter WhatsApp Telegram
1,204 shares
Like Loading...
Read Full Article
Source: Read Full Article
Source link
Continue reading
5 mins read
Reading time: 4 minutes
Listen to this article
Skip to main content
Home » News » World
Terms of Use | Privacy Policy | Contact Us
Leave a Reply Cancel reply
3 Comments
Your email address will not be published. Required fields are marked *
Log in to leave a comment
You must be logged in to post a comment.
This site uses Akismet to reduce spam. Learn how your comment data is processed.
Already a subscriber? Sign in
Select language
en_USEnglish
© 2023 Lindholm Herald. All rights reserved.
Tags: ferry, Lindholm, fire
#ferry #lindholm
The post Lindholm ferries to sail again appeared first on Lindholm Herald.
This article originally appeared on Lindholm Herald.
What is your view? Let us know in the comments section.
Found a typo? Select it and press Ctrl+Enter
If you enjoyed this article, please consider supporting us on Patreon.
Thanks for reading! Subscribe for free to receive new posts and support my work.""".splitlines()

AT_THE_END = """Comments
Ferry, Lindholm, Fire
Topics
Donate
Via Reuters
Source: Reuters
https://northern-news.example.com/ferry
News Desk
Posted in News, World
English | Français | Español
Contact us: editor@example.org
Weather 12°C Lindholm""".splitlines()

REPORTING = """The company said its newsletter had been hacked, and subscribers changed their passwords.
The blast hit 304 North Street shortly after dawn, killing three people.
“Follow us,” the guard shouted. “Follow us on foot!”
He urged followers to sign up for the army in a post on Telegram.
Comments by the president drew anger across the region.
Newsdesk Weekly has reached out to the Foreign Ministry via email for comment.
Websites use cookies to track visitors, the regulator said in its report.
“Let me know in the comments what you think,” the influencer told her audience.
He asked readers to share their thoughts in the comments, and thousands did.
“You can unsubscribe at any time,” the company's lawyers argued in court.
Click here, said the fraudulent message that reached thousands of residents.
Read our full statement, the union said, and you will see the truth.
Support for the government fell to 31 percent, a poll found.
Support: 45 percent
This story was first published on April 10, 2024.
Contact the harbour at 555-010-0199 for more information.
Donate blood, the hospital asked residents, because stocks are low.
Watch towers were set up along the border.
Facebook and Instagram were blocked on the island.
Share prices fell 4 percent on the news.
I am tired of waiting, and so are my readers.
“No. Never.”
This article was amended on 3 April 2023 to correct the name of the port.
Correction: An earlier version of this article misstated the number of crew members.
Editor’s note: This story has been updated to include a statement from the union.
(Reporting by Jane Doe; Editing by John Roe)
A woman grieves at the harbour wall in Lindholm. Photo: Jane Doe/Reuters
Roman Example/Getty Images
LINDHOLM, March 14 —
The ferry must be safe, says the captain:
1. The engines will be checked""".splitlines()

SUBHEADINGS = ("Why it matters", "The long wait", "Telegram", "By the numbers", "What happened on the ferry?")


def text_of(*parts: str, gap: str = "\n\n") -> str:
    return clean(Article("a", "", gap.join(parts))).article.text


@pytest.mark.parametrize("line", ANYWHERE)
@pytest.mark.parametrize("gap", ["\n\n", "\n"])
def test_notices_go_wherever_they_stand(line: str, gap: str) -> None:
    middle, end = gap.join((TITLE, BEFORE, AFTER)), (TITLE, BEFORE, AFTER, line)
    if line not in ("Fire on the ferry:Union calls for a strike at the port",) or gap == "\n\n":
        assert text_of(TITLE, BEFORE, line, AFTER, gap=gap) == middle
        assert text_of(*end, gap=gap) == middle


@pytest.mark.parametrize("line", AT_THE_END)
def test_short_lines_after_the_end_go(line: str) -> None:
    assert text_of(TITLE, BEFORE, AFTER, line) == "\n\n".join((TITLE, BEFORE, AFTER))


@pytest.mark.parametrize("line", REPORTING)
@pytest.mark.parametrize("gap", ["\n\n", "\n"])
def test_reporting_notes_and_captions_stay(line: str, gap: str) -> None:
    assert text_of(TITLE, BEFORE, line, AFTER, gap=gap) == gap.join((TITLE, BEFORE, line, AFTER))
    assert line in text_of(TITLE, BEFORE, AFTER, line, gap=gap)


@pytest.mark.parametrize("line", SUBHEADINGS)
def test_subheadings_stay(line: str) -> None:
    assert line in text_of(TITLE, BEFORE, line, AFTER)


def test_headlines_of_other_articles_go() -> None:
    others = (
        "Storm destroys the harbour wall in Lindholm",
        "March 12, 2023",
        "Minister promises money for the islands",
    )
    whole = "\n\n".join((TITLE, BEFORE, AFTER))
    assert text_of(TITLE, BEFORE, "Related Articles", *others, AFTER) == whole
    assert text_of(TITLE, BEFORE, AFTER, *others) == whole
    assert (
        text_of(TITLE, BEFORE, AFTER, "You may also like", *others, "New ferry line to open in the…") == whole
    )


def test_one_headline_alone_and_a_list_stay() -> None:
    assert "Storm destroys the harbour wall in Lindholm" in text_of(
        TITLE, BEFORE, AFTER, "Storm destroys the harbour wall in Lindholm"
    )
    points = ("The engines are to be checked by May", "The crew is to be paid for the wait")
    assert all(
        point in text_of(TITLE, BEFORE, AFTER, "The council decided two things:", *points) for point in points
    )


def test_readers_comments_go() -> None:
    comments = (
        "2 thoughts on “Lindholm ferries”",
        "Jo says:",
        "March 15, 2023 at 5:00 pm",
        "Never trust a ferry.",
        "Reply",
    )
    assert text_of(TITLE, BEFORE, AFTER, *comments) == "\n\n".join((TITLE, BEFORE, AFTER))


def test_a_list_of_places_is_no_address() -> None:
    places = [f"{number} Harbour Street" for number in range(10, 18)]
    assert all(place in text_of(TITLE, BEFORE, AFTER, *places) for place in places)

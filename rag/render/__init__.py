"""What people read: answers, articles, conversations, lists as HTML, Markdown and CSV. Pure, all escaped."""

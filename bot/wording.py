"""Every fixed sentence that the bot can say. `{names}` stand for facts, numbers, or the user's own words."""

from __future__ import annotations

from enum import StrEnum

from index.article import Origin


class Say(StrEnum):
    """What messages, and buttons, say."""

    # Answers
    ASKED = "You asked: {question}"
    ASKED_AT_LENGTH = "You asked, at greater length: {question}"
    SEARCHED = "You searched for: {question}"
    SEARCHED_AT_LENGTH = "You searched, at greater length, for: {question}"
    NOT_FOUND = "The articles do not say."
    READ_AS = "I read {written} as {read}."
    NOTHING_TO_LOOK_FOR = (
        "There is nothing in this to look for. Ask with a name, a place or a thing that an article may mention."
    )
    SMALL_TALK = "I quote articles and say nothing else. Ask me what they say about a name, a place or a thing."
    TOO_BROAD = (
        "Many sentences speak of this. Ask what you want to know of it: who, what, when, where, why or how many."
    )
    UNREADABLE = (
        "Hardly a word of this is English or stands in an article. Ask in English, in words that an article may use."
    )
    HOW_TO_ASK = "Ask me something: mention me and write your question behind it, or use /ask. /help tells more."
    PASSAGES = "These passages rank best for your words. They may not answer a question."
    NOTHING_FOUND = "No passage holds any of these words."
    MORE_PASSAGES = "Passages that did not fit here: {count}. Ask for fewer, or for one article only."
    QUOTE_GOES_ON = "The quotation goes on in the next message."
    GOES_ON = "This goes on in the next message."
    CONTINUED = "Continued from the message before."
    OPEN_AT_QUOTE = "Open at the quotation"
    OPEN_ARTICLE = "Open the article"

    # Facts of record
    UNTITLED = "Title not recorded. The article's id is {id}."
    NO_URL = "source URL not recorded"
    BY_PUBLISHER = "Publisher: {fact}"
    BY_AUTHOR = "Author: {fact}"
    PUBLISHED_ON = "Published: {fact}"
    TITLE = "**Title**, {origin}:"
    PUBLISHER = "**Publisher**, {origin}:"
    AUTHOR = "**Author**, {origin}:"
    PUBLISHED = "**Published**, {origin}:"
    URL = "**Source URL**, {origin}:"
    NO_TITLE = "**Title**: not recorded"
    NO_PUBLISHER = "**Publisher**: not recorded"
    NO_AUTHOR = "**Author**: not recorded"
    NO_PUBLISHED = "**Published**: not recorded"
    FROM_SIDECAR = "as stated by an admin"
    FROM_FRONT_MATTER = "as its first lines state it"
    FROM_TRAILER = "as its last lines state it"
    FROM_HTML_METADATA = "as the page's metadata states it"
    FROM_TEXT = "as read in its text"
    SENTENCES = "**Sentences that can be quoted**: {count}"
    ARTICLE_ID = "**Id**: {id}"

    # The list of articles
    ARTICLES = "Articles: {count}"
    NO_ARTICLES = "There are no articles yet."
    MORE_ARTICLES = "Articles that did not fit here: {count}. /article finds each by its title."
    ARTICLE_UNKNOWN = "There is no such article. Choose one from the list that appears while you type."

    # Admin
    REINDEX_BEGAN = "Reading the articles…"
    REINDEX_PROGRESS = "Reading the articles: {done} of {total} files are done."
    REINDEX_BUSY = "A reindexing is under way already. Its report appears where it was started."
    REINDEX_DONE = "The index has been brought up to date."
    REINDEX_NO_NEWS = "The index is up to date. Nothing had changed."
    DRY_RUN = "This is what a reindexing would do. Nothing was written."
    REINDEX_FAILED = "The reindexing failed. The index from before goes on answering. The reason:"
    REINDEX_BROKE = (
        "The reindexing failed. The index from before goes on answering. The log tells why, under the id {incident}."
    )
    REINDEX_STOPPED = "The bot is being stopped, and the reindexing with it. The index stays as it was."
    ADDED = "**Added**: {count}"
    CHANGED = "**Changed**: {count}"
    REMOVED = "**Removed**: {count}"
    REFUSED = "**Refused**: {count}"
    UNCHANGED = "**Unchanged**: {count}"
    AND_MORE = "and {count} more"
    TOTALS = "Articles in the index: {articles}. Sentences: {sentences}."
    TOTALS_DRY = "Articles that the index would hold: {articles}. Sentences: {sentences}."
    LOST = "Pieces of sentences lost to interruptions, such as advertisements, and never quoted: {count}."
    SNAPSHOT = "**Index**: {id}, written {time}"
    NO_SNAPSHOT = "**Index**: none has been written yet"
    STALE = "The articles have changed since they were indexed. /admin reindex takes the changes in."
    NOT_STALE = "The articles have not changed since they were indexed."
    SEEDS_UNREADABLE = "The folder of articles cannot be read just now. The reason:"
    VERSION = "**Version**: {version}"
    LATENCY = "**Gateway latency**: {milliseconds} ms"
    NO_LATENCY = "**Gateway latency**: not measured yet"

    # When something is in the way
    REFUSAL = "This command is for the admins of this bot. You are not one of them here."
    PROOF_FAILED = (
        "I could not prove that my quotation is what the article says, so I do not show it. "
        "The log tells more, under the id {incident}."
    )
    BROKE = "Something went wrong on my side, and it has been logged under the id {incident}. Please try again."
    BUSY = "Discord is slow just now. Please try again in a minute."
    COMMANDS_CHANGED = "My commands have changed since your Discord loaded them. Restart Discord, or try in a minute."
    STOPPING = "I am being restarted. Please ask again in a minute."

    # Help
    HELP_WHAT = "I answer questions about a set of articles with passages quoted word for word, each with its source."
    HELP_ASK = "Mention me with a question, reply to me with a mention, or write to me directly."
    HELP_COMMANDS = (
        "`/ask` answers a question; `article` asks one article only, `private` shows the answer to you alone.\n"
        "`/search` shows the passages that rank best for your words.\n"
        "`/articles` lists the articles, `/article` tells what is recorded about one."
    )
    HELP_NEVER = (
        "I never write an answer of my own, never sum up, and never fill in a name, a date or a URL that no article "
        "gives. When the articles do not say, I say so. I ping nobody and keep no questions."
    )


FROM = {
    Origin.SIDECAR: Say.FROM_SIDECAR,
    Origin.FRONT_MATTER: Say.FROM_FRONT_MATTER,
    Origin.TRAILER: Say.FROM_TRAILER,
    Origin.HTML_METADATA: Say.FROM_HTML_METADATA,
    Origin.TEXT: Say.FROM_TEXT,
}
"""Where a fact of record was read from."""


class Describe(StrEnum):
    """What Discord's own lists say about the commands and their options."""

    ASK = "Ask the articles a question"
    ASK_QUESTION = "Your question"
    ONE_ARTICLE = "Look in this article only"
    ASK_PRIVATE = "Show the answer to you alone"
    SEARCH = "Show the passages that rank best for your words"
    SEARCH_TERMS = "Words to look for"
    SEARCH_LIMIT = "How many passages, 1 to 10"
    ARTICLES = "List the articles"
    ARTICLE = "Show what is recorded about an article"
    ARTICLE_NAME = "Its title"
    HELP = "What this bot does, and how to ask"
    ADMIN = "Look after the articles"
    REINDEX = "Take in what has changed in the folder of articles"
    REINDEX_DRY = "Only tell what would be done"
    STATUS = "How the bot and its index are"

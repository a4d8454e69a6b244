"""Every fixed sentence that the bot can say. `{names}` stand for facts, numbers, or the user's own words."""

from __future__ import annotations

from enum import StrEnum

from index.article import Origin


class Say(StrEnum):
    """What messages, and buttons, say."""

    # Answers
    ASKED = "You asked: {question}"
    ASKED_AT_LENGTH = "You asked, at greater length: {question}"
    ASKED_BY = "{asker} asked: {question}"
    ASKED_BY_AT_LENGTH = "{asker} asked, at greater length: {question}"
    SEARCHED = "You searched for: {question}"
    SEARCHED_AT_LENGTH = "You searched, at greater length, for: {question}"
    NOT_FOUND = "I found nothing about this in the articles."
    MAY_ANSWER = "This may answer it:"
    NOTHING_QUOTABLE = "There is no sentence here that I may quote."
    READ_AS = "I read {written} as {read}."
    NOTHING_TO_LOOK_FOR = (
        "There is nothing in this to look for. Ask with a name, a place or a thing that an article may mention."
    )
    SMALL_TALK = "I quote articles and say nothing else. Ask me what they say about a name, a place or a thing."
    TOO_BROAD = (
        "Several sentences mention this. Ask what you want to know about it: who, what, when, where, why or how many."
    )
    UNREADABLE = (
        "I do not know enough of these words to look for them. Try other words, in the language of the articles."
    )
    HOW_TO_ASK = "Ask me something: mention me and write your question behind it, or use /ask. /help tells more."
    CANNOT_READ_IT = (
        "I cannot read that message: Discord shows me only messages that mention me. Write the question behind the "
        "mention, or choose “Find in articles” in that message's menu."
    )
    SUGGESTIONS = "You could ask about one of these:"
    PASSAGES = "These passages rank best for your words. They may not answer a question."
    NOTHING_FOUND = "I found no passage for these words."
    MORE_PASSAGES = "Passages that did not fit here: {count}. Ask for fewer, or for one article only."
    QUOTE_GOES_ON = "The quotation goes on in the next message."
    GOES_ON = "This goes on in the next message."
    CONTINUED = "Continued from the message before."
    PRINTED_HYPHENS = "Hyphens at the ends of printed lines are kept as they stand in the document."
    ALSO_IN = "The same words also stand in:"
    FURTHER_SOURCES = "Further articles in which the same words stand: {count}"
    OPEN_AT_QUOTE = "Open at the quotation"
    OPEN_ARTICLE = "Open the article"

    # Buttons under an answer, and what they bring
    CONTEXT = "Context"
    MORE = "More passages"
    NEAREST = "Nearest passages"
    GOOD = "👍 Helpful"
    BAD = "👎 Not helpful"
    DELETE = "Delete"
    CONTEXT_OF = "The quotation, with what the article says around it:"
    BEFORE = "Before it:"
    ITSELF = "The quotation:"
    AFTER = "After it:"
    NOTHING_AROUND = "The article says nothing around it that can be quoted."
    MORE_OF = "Further passages. They may not answer the question."
    NEAREST_OF = "These passages come nearest to the question. They may not answer it."
    NO_MORE = "There are no further passages."
    EXPIRED = "I no longer have this answer, so its buttons do nothing. Please ask again."
    CHANGED_SINCE = "The article has been changed or removed since it was quoted. Please ask again."
    THANKS = "Thank you. It has been noted."
    WHY_TITLE = "What is wrong with the answer?"
    WHY_LABEL = "The answer…"
    WHY_WRONG_PASSAGE = "quotes the wrong passage"
    WHY_NO_ANSWER = "does not answer the question"
    WHY_OUTDATED = "is outdated"
    WHY_OTHER = "something else"
    NOT_YOURS = "Only those who asked, or who may manage messages here, can delete an answer."

    # Where and how often
    TOO_FAST = "That was quick. Please ask again {when}."
    CHANNEL_TOO_FAST = "Many questions are asked in this channel just now. Please ask again {when}."
    NOT_HERE = "I do not answer in this channel. Those who manage this server have chosen other channels for me."
    LACKING = "I cannot do this here, because I lack a permission: {permission}."
    LACKING_IN = (
        "I cannot answer in {channel}, because I lack a permission there: {permission}. So I write to you here."
    )
    NO_THREAD = "No thread was opened: only a public answer in a text channel of a server can have one."
    VIEW_CHANNEL = "View Channel"
    SEND_MESSAGES = "Send Messages"
    SEND_IN_THREADS = "Send Messages in Threads"
    CREATE_THREADS = "Create Public Threads"
    MANAGE_MESSAGES = "Manage Messages"
    ATTACH_FILES = "Attach Files"
    READ_HISTORY = "Read Message History"

    # Settings of a server
    SETTINGS = "How I behave in this server:"
    NO_UNASKED = "**Channels where I answer without a mention**: none"
    UNASKED = "**Channels where I answer without a mention**:"
    NO_ALLOWED = "**Channels where I may answer**: all"
    ALLOWED = "**Channels where I may answer**, and nowhere else:"
    UNSURE_SILENT = "**Where I answer without a mention, I speak**: only when I have an answer"
    UNSURE_SHOWN = "**Where I answer without a mention, I speak**: also when a passage may answer"
    IN_THREADS = "**Answers to mentions**: in a thread of their own"
    IN_REPLIES = "**Answers to mentions**: as replies"
    PRIVATE_DEFAULT = "**Answers to /ask**: private, unless the asker says otherwise"
    PUBLIC_DEFAULT = "**Answers to /ask**: for all to see, unless the asker says otherwise"
    USER_SECONDS = "**Seconds between two questions of a member**: {count}"
    CHANNEL_SECONDS = "**Seconds between two questions in a channel**: {count}"
    CHANNEL_ADDED = "{channel} has been added."
    CHANNEL_REMOVED = "{channel} has been removed."
    CHANNEL_UNKNOWN = "{channel} is in none of the lists."
    SETTINGS_CHANGED = "The settings have been changed."
    LACKING_FOR_THREADS = (
        "Here, and wherever else I lack this permission, I answer in replies, for I cannot open a thread: {permission}."
    )
    CHOSEN_ARE_GONE = (
        "None of these channels is there any more, so I answer nowhere for all to see. `/channels add` chooses another "
        "one, `/channels reset` sets everything back."
    )
    NO_CONTENT_INTENT = (
        "Discord does not show me messages without a mention: whoever runs this bot has to switch on “Message Content "
        "Intent” in the developer portal and restart me. Until then I go on answering mentions there."
    )
    MANAGERS_ONLY = "This command is for those who may manage this server."

    # What is kept
    PRIVACY = (
        "Of each question I keep for 30 days at most, under a key instead of your name: the question, when and where "
        "it was asked, which passages were shown, and what readers thought of them. So the buttons work, and those who "
        "run this bot learn which articles are missing."
    )
    PRIVACY_NO_QUESTIONS = (
        "Of each answer I keep for 30 days at most, under a key instead of your name: when and where it was given, "
        "which passages were shown, and what readers thought of them. The question itself is not kept."
    )
    PRIVACY_MORE = (
        "I read messages that mention me and those that they reply to, direct messages to me, commands, and "
        "messages that somebody chooses in my menu; in channels where a server wants me to answer without a "
        "mention, its messages too. Whatever else Discord shows me is neither used nor kept. `/privacy "
        "delete:True` deletes what is kept of you. Changes by admins and managers of servers are kept for a "
        "year, with their user ids."
    )
    FORGOTTEN = "All that was kept of your questions and feedback has been deleted. Answers: {count}."

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
    FROM_SOURCES = "as the list of sources states it"
    FROM_TRAILER = "as its last lines state it"
    FROM_HTML_METADATA = "as the page's metadata states it"
    FROM_TEXT = "as read in its text"
    SENTENCES = "**Sentences that can be quoted**: {count}"
    ARTICLE_ID = "**Id**: {id}"

    # The list of articles
    ARTICLES = "Articles: {count}"
    NO_ARTICLES = (
        "There are no articles yet. An admin of this bot adds one with `/admin add`, or puts files into the "
        "folder of articles and runs `/admin reindex`."
    )
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
    ARTICLE_ADDED = "The article has been added:"
    NOT_FETCHED = "The page was not added, and nothing has changed. The reason:"
    FILE_OR_URL = "Give either a file or the URL of a page."
    ARTICLE_NOT_ADDED = "The file was not added, and nothing else has changed. The reason:"
    INDEXED_LATER = (
        "The folder of articles has been changed, but the index has not: /admin reindex takes the change in later. "
        "The reason:"
    )
    ARTICLE_REMOVED = "The article has been removed. Its files are kept in the bin of the data folder: {id}"
    NOT_REMOVED = "The article was not removed. The reason:"
    ARTICLE_EDITED = "What is recorded about the article has been changed:"
    NOTHING_TO_EDIT = "Say what is to be changed: title, url, publisher, author or published."
    FACT_INVALID = "This cannot be recorded, and nothing has changed. The reason:"
    TOO_LARGE = "The file is too large. It may have {megabytes} MB."
    UNLOADED = "The file could not be loaded from Discord. Please try again."
    HISTORY = "States of the index that can be gone back to, the newest first:"
    HISTORY_LINE = "{id}, written {time}: articles {articles}, sentences {sentences}"
    HISTORY_CURRENT = "{id}, written {time}: articles {articles}, sentences {sentences} (this one answers now)"
    ROLLED_BACK = "The index is back at {id}. The next reindexing takes in what the folder of articles holds."
    NOT_ROLLED_BACK = "The index stays as it is. The reason:"
    GAPS = (
        "Questions of the last 30 days that I did not answer for sure, or whose answer was marked as not "
        "helpful: {count}. The file holds them, the most frequent first."
    )
    NO_GAPS = "No question of the last 30 days is recorded as unanswered or as answered badly."
    AUDIT = "Changes, the newest first:"
    NO_AUDIT = "No change is recorded."
    AUDIT_LINE = "{time}: {user}, {action} {details}"
    MEMORY = "**Memory**: {megabytes} MB"
    ANSWER_TIMES = "**Time to answer**: half within {p50} ms, 99 of 100 within {p99} ms"
    NO_ANSWER_TIMES = "**Time to answer**: no question yet"
    GATEWAY_READY = "**Gateway**: {count} of {total} shards connected"
    ADDED = "**Added**: {count}"
    CHANGED = "**Changed**: {count}"
    REMOVED = "**Removed**: {count}"
    REFUSED = "**Refused**: {count}"
    SIMILAR = "**Much like another article**: {count}"
    SIMILAR_LINE = "{article} is much like {other}: about {share} percent of their runs of five words are shared."
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
    BUSY = "Discord did not take my answer. Please try again in a minute."
    STATE_BROKEN = "I cannot read or write what I keep just now. Please try again in a minute."
    COMMANDS_CHANGED = "My commands have changed since your Discord loaded them. Restart Discord, or try in a minute."
    STOPPING = "I am being restarted. Please ask again in a minute."

    # Help
    HELP_WHAT = "I answer questions about a set of articles with passages quoted word for word, each with its source."
    HELP_ASK = "Mention me with a question, reply to me with a mention, or write to me directly."
    HELP_COMMANDS = (
        "`/ask` answers a question; `article` asks one article only, `private` shows the answer to you alone, "
        "`thread` opens a thread for it and what follows.\n"
        "`/search` shows the passages that rank best for your words.\n"
        "`/articles` lists the articles, `/article` tells what is recorded about one.\n"
        "“Find in articles”, in a message's menu, tells what the articles say about that message.\n"
        "`/privacy` tells what is kept.\n"
        "`/channels` lets those who manage this server say where and how I answer."
    )
    HELP_BOLD = "Words in bold are those of your question. Nothing else about a quotation is changed."
    HELP_NEVER = (
        "I never write an answer of my own, never sum up, and never fill in a name, a date or a URL that no "
        "article gives. When I am not sure that a passage answers you, I say so; when I find nothing, I say "
        "that. I ping nobody."
    )


FROM = {
    Origin.SIDECAR: Say.FROM_SIDECAR,
    Origin.FRONT_MATTER: Say.FROM_FRONT_MATTER,
    Origin.SOURCES: Say.FROM_SOURCES,
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
    ASK_THREAD = "Open a thread for the answer and what follows"
    SEARCH = "Show the passages that rank best for your words"
    SEARCH_TERMS = "Words to look for"
    SEARCH_LIMIT = "How many passages, 1 to 10"
    ARTICLES = "List the articles"
    ARTICLE = "Show what is recorded about an article"
    ARTICLE_NAME = "Its title"
    HELP = "What this bot does, and how to ask"
    PRIVACY = "What the bot keeps of you, and how to delete it"
    PRIVACY_DELETE = "Delete what is kept of your questions and feedback"
    CHANNELS = "Where and how the bot answers in this server"
    CHANNELS_ADD = "Add a channel to a list"
    CHANNELS_REMOVE = "Take a channel out of the lists"
    CHANNELS_LIST = "Show the lists and the other settings"
    CHANNELS_SET = "Change the other settings"
    CHANNELS_RESET = "Set everything back to how it was at first, the lists too"
    CHANNEL = "The channel"
    CHANNEL_KIND = "What the bot does there"
    KIND_UNASKED = "answers every question, without a mention"
    KIND_ALLOWED = "may answer there, and only in such channels"
    SET_THREADS = "Open a thread for each answer to a mention"
    SET_PRIVATE = "Show answers to /ask to the asker alone"
    SET_UNSURE = "Where no mention is needed: also show passages that may answer"
    SET_USER_SECONDS = "Seconds between two questions of a member"
    SET_CHANNEL_SECONDS = "Seconds between two questions in a channel"
    ADMIN = "Look after the articles"
    REINDEX = "Take in what has changed in the folder of articles"
    REINDEX_DRY = "Only tell what would be done"
    STATUS = "How the bot and its index are"
    ADD = "Add an article"
    ADD_FILE = "A text, Markdown, HTML, PDF or Word file"
    ADD_URL = "The URL of a page on the web"
    REMOVE = "Remove an article"
    EDIT = "Change what is recorded about an article; - takes a statement back"
    EDIT_TITLE = "Its title"
    EDIT_URL = "Its source URL"
    EDIT_PUBLISHER = "Its publisher"
    EDIT_AUTHOR = "Its author"
    EDIT_PUBLISHED = "The day it was published, as 2026-04-25"
    HISTORY = "Show the states of the index that can be gone back to"
    ROLLBACK = "Go back to an earlier state of the index"
    ROLLBACK_ID = "Its id; the one before the present state, where none is given"
    GAPS = "Get the questions that were not answered for sure, or badly, as a file"
    AUDIT = "Show who changed what"


class Name(StrEnum):
    """Names of commands and options that are localised; Discord's own form of names holds for them."""

    ASK = "ask"
    QUESTION = "question"
    ARTICLE = "article"
    PRIVATE = "private"
    UNSURE = "unsure"
    THREAD = "thread"
    SEARCH = "search"
    TERMS = "terms"
    LIMIT = "limit"
    ARTICLES = "articles"
    NAME = "name"
    HELP = "help"
    PRIVACY = "privacy"
    DELETE = "delete"
    CHANNELS = "channels"
    ADD = "add"
    REMOVE = "remove"
    LIST = "list"
    SET = "set"
    RESET = "reset"
    CHANNEL = "channel"
    KIND = "kind"
    THREADS = "threads"
    USER_SECONDS = "user_seconds"
    CHANNEL_SECONDS = "channel_seconds"
    REINDEX = "reindex"
    DRY_RUN = "dry_run"
    STATUS = "status"
    HISTORY = "history"
    ROLLBACK = "rollback"
    ID = "id"
    GAPS = "gaps"
    AUDIT = "audit"
    EDIT = "edit"
    FILE = "file"
    URL = "url"
    TITLE = "title"
    PUBLISHER = "publisher"
    AUTHOR = "author"
    PUBLISHED = "published"
    FIND_IN_ARTICLES = "Find in articles"

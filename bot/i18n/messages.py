"""All user-visible text of the bot. Placeholders in braces take metadata, numbers or the user's own words."""

from __future__ import annotations

from enum import StrEnum

from index.models import Origin


class Message(StrEnum):
    """Text of messages and buttons."""

    # Answers
    ASKED = "You asked: {question}"
    ASKED_AT_LENGTH = "You asked (shortened): {question}"
    ASKED_BY = "{asker} asked: {question}"
    ASKED_BY_AT_LENGTH = "{asker} asked (shortened): {question}"
    SEARCHED = "You searched for: {question}"
    SEARCHED_AT_LENGTH = "You searched for (shortened): {question}"
    READ_WITH = "Read together with: “{question}”"
    READ_WITH_AT_LENGTH = "Read together with (shortened): “{question}”"
    NOT_FOUND = "I found nothing about this in the articles."
    NOT_FOUND_IN_ARTICLE = "I found nothing about this in this article."
    NOT_FOUND_WITH_URL = "I found nothing about this in the articles that I can quote."
    MAY_ANSWER = "This may answer it:"
    OTHER_LANGUAGE = "I found this in another language: {language}."
    UNANSWERED_PART = "I am not sure of an answer to this part: {part}"
    NOTHING_QUOTABLE = "There is no sentence here that I can quote."
    READ_AS = "I searched for {read} instead of {written}."
    NOTHING_TO_LOOK_FOR = (
        "I don't see what to search for. Please name a person, a place or a thing that an article may mention."
    )
    SMALL_TALK = "I only quote articles. Ask me what they say about a person, a place or a thing."
    TOO_BROAD = "Several sentences mention this. What would you like to know: who, what, when, where, why or how many?"
    UNREADABLE = (
        "I know too few of these words to search for them. Try other words, in a language that the articles are in."
    )
    HOW_TO_ASK = "Mention me and write your question after it, or use /ask. /help tells you more."
    CANNOT_READ_IT = (
        "I can't read that message, because Discord only shows me messages that mention me. Write the question after "
        "the mention, or choose “Find in articles” in that message's menu."
    )
    ROLE_MENTIONED = (
        "I can't read that message. It mentions my role, and Discord only shows me messages that mention me as a "
        "member. Pick me instead of the role in the list after @, or choose “Find in articles” in that message's menu."
    )
    SUGGESTIONS = "You could ask about one of these:"
    PASSAGES = "These passages match your words best. They may not answer a question."
    NOTHING_FOUND = "I found no passages for these words."
    MORE_PASSAGES = "Passages that didn't fit here: {count}. Ask for fewer, or search one article only."
    QUOTE_GOES_ON = "The quotation continues in the next message."
    GOES_ON = "This continues in the next message."
    CONTINUED = "Continued from the previous message."
    PRINTED_HYPHENS = "Hyphens at line ends are kept as printed in the document."
    ALSO_IN = "The same words are also in:"
    FURTHER_SOURCES = "More articles with the same words: {count}"
    OPEN_AT_QUOTE = "Open at the quotation"
    OPEN_SECTION = "Open the section"
    OPEN_ARTICLE = "Open the article"

    # Thanks, and what is too short
    YOU_ARE_WELCOME = "You're welcome!"
    TOO_SHORT = "This is too short to look for. Please write a word, or ask a question about it."

    # Questions about the collection
    WHICH_ARTICLE = "Which article do you mean? Name it by words of its title, or use /article."
    FITTING = "These articles fit your words:"
    MORE_FITTING = "More articles that fit: {count}. Name one by words of its title, or use /article."
    LATEST = "The latest articles by their recorded dates, newest first:"
    UNDATED = "Articles without a recorded date, which I left out: {count}."
    NO_DATES = "None of my articles has a recorded date, so I can't say which one is the latest."

    # Buttons under an answer, and their messages
    CONTEXT = "Context"
    MORE = "More"
    NEAREST = "Nearest"
    GOOD = "👍"
    BAD = "👎"
    CONTEXT_OF = "The quotation in its context:"
    BEFORE = "Before it:"
    ITSELF = "The quotation:"
    AFTER = "After it:"
    NOTHING_AROUND = "There is nothing before or after it that I can quote."
    MORE_OF = "More passages. They may not answer the question."
    NEAREST_OF = "These passages come closest to the question. They may not answer it."
    NO_MORE = "I have no more passages to show."
    EXPIRED = "I no longer have this answer, so its buttons have stopped working. Please ask again."
    CHANGED_SINCE = "The article has been changed or removed since I quoted it. Please ask again."
    THANKS = "Thank you for your feedback!"
    WHY_TITLE = "What is wrong with the answer?"
    WHY_LABEL = "The answer…"
    WHY_WRONG_PASSAGE = "quotes the wrong passage"
    WHY_NO_ANSWER = "does not answer the question"
    WHY_OUTDATED = "is outdated"
    WHY_OTHER = "something else"
    DELETE_TOO = "Delete this answer"
    DELETED = "I deleted the answer."
    NOT_DELETED = (
        "I can't delete messages here from the menu. If there is a 👎 under the answer, press it and choose “Delete "
        "this answer”."
    )
    NOT_AN_ANSWER = "This is not an answer of mine. Choose “Delete answer” in the menu of an answer."
    NOT_YOURS = "Only the person who asked, or a member with “Manage Messages”, can delete this answer."

    # Channels, cool-downs and permissions
    TOO_FAST = "That was quick! Please ask again {when}."
    PRESSED_TOO_FAST = "That was quick! Please try again {when}."
    CHANNEL_TOO_FAST = "There are many questions in this channel right now. Please ask again {when}."
    TOO_MANY_WAITING = "Many questions are waiting for an answer right now. Please ask again in a minute."
    NOT_HERE = "I don't answer in this channel. The managers of this server have chosen other channels for me."
    LACKING = "I can't do this here, because I don't have this permission: {permission}."
    LACKING_IN = (
        "I can't answer in {channel}, because I don't have this permission there: {permission}. So I'm answering here."
    )
    NO_THREAD = "I couldn't open a thread. That only works for a public answer in a text channel of a server."
    REPLY_IN_THREAD = (
        "To go on in this thread, reply to one of my messages in it, or mention me: Discord doesn't show me other "
        "messages here. The person who runs this bot can turn on “Message Content Intent” in the developer portal and "
        "restart me. Then I read follow-up questions here without a reply."
    )
    VIEW_CHANNEL = "View Channel"
    SEND_MESSAGES = "Send Messages"
    SEND_IN_THREADS = "Send Messages in Threads"
    CREATE_THREADS = "Create Public Threads"
    MANAGE_MESSAGES = "Manage Messages"
    ATTACH_FILES = "Attach Files"
    READ_HISTORY = "Read Message History"
    ADD_REACTIONS = "Add Reactions"
    MANAGE_THREADS = "Manage Threads and Posts"

    # Server settings
    SETTINGS = "My settings in this server:"
    NO_UNASKED = "**Channels where I answer without a mention**: none"
    UNASKED = "**Channels where I answer without a mention**:"
    NO_ALLOWED = "**Channels where I answer in public**: all"
    ALLOWED = "**Channels where I answer in public**, and no others:"
    UNSURE_SILENT = "**Without a mention, I answer**: only when I'm sure"
    UNSURE_SHOWN = "**Without a mention, I answer**: also when I'm not sure"
    ANSWERED_TAG = "**Tag of forum posts that I have answered**: {tag}"
    NO_ANSWERED_TAG = "**Tag of forum posts that I have answered**: none"
    IN_THREADS = "**Answers to mentions**: in a new thread"
    IN_REPLIES = "**Answers to mentions**: as replies"
    PRIVATE_DEFAULT = "**Answers to /ask**: private, unless the member chooses otherwise"
    PUBLIC_DEFAULT = "**Answers to /ask**: public, unless the member chooses otherwise"
    USER_SECONDS = "**Seconds between questions from one member**: {count}"
    CHANNEL_SECONDS = "**Seconds between questions in one channel**: {count}"
    CHANNEL_ADDED = "I added {channel}."
    CHANNEL_REMOVED = "I removed {channel}."
    CHANNEL_UNKNOWN = "{channel} is not on any list."
    SETTINGS_CHANGED = "I saved the settings."
    LACKING_FOR_THREADS = (
        "I can't open threads without this permission: {permission}. Until I have it, I answer with replies."
    )
    TAG_UNKNOWN = "No forum that I can see has a tag called {tag}. Create it in the forum's settings, and I'll use it."
    LACKING_FOR_TAG = "I can't tag the posts in {channel} without this permission there: {permission}."
    CHOSEN_ARE_GONE = (
        "All of these channels have been deleted, so I don't answer in public anywhere. Choose another channel with "
        "`/channels add`, or reset everything with `/channels reset`."
    )
    NO_CONTENT_INTENT = (
        "Discord doesn't show me messages without a mention yet. The person who runs this bot needs to turn on "
        "“Message Content Intent” in the developer portal and restart me. Until then, I only answer mentions there."
    )
    MANAGERS_ONLY = "You need the “Manage Server” permission to use this command."

    # Stored data
    PRIVACY = (
        "For each question I store, for up to 30 days: the question, when and where it was asked, the passages I "
        "showed, and feedback on them. I store a code instead of your name. This makes buttons and follow-up questions "
        "work and shows the bot's admins which articles are missing."
    )
    PRIVACY_NO_QUESTIONS = (
        "For each answer I store, for up to 30 days: when and where it was given, the passages I showed, and feedback "
        "on them. I store a code instead of your name, and I don't store the question."
    )
    PRIVACY_MORE = (
        "I read messages that mention me and the messages they reply to, direct messages to me, commands, and messages "
        "that somebody picks in my menu. In channels where the server wants me to answer without a mention, I read all "
        "messages. I don't use or store anything else that Discord shows me. `/privacy delete:True` deletes what I "
        "have stored about you. Changes by admins and server managers are stored for a year, with their user IDs."
    )
    PRIVACY_REFUSED = (
        "If you try a command that only the bot's admins may use, I store that for 30 days, with your user ID and the "
        "command. `/privacy delete:True` deletes it, too."
    )
    FORGOTTEN = "I deleted everything I had stored about your questions and feedback. Answers deleted: {count}."

    # Article metadata
    UNTITLED = "No title recorded. The article's ID is {id}."
    NO_URL = "source URL not recorded"
    BY_PUBLISHER = "Publisher: {fact}"
    BY_AUTHOR = "Author: {fact}"
    PUBLISHED_ON = "Published: {fact}"
    TITLE = "**Title**, {origin}:"
    PUBLISHER = "**Publisher**, {origin}:"
    AUTHOR = "**Author**, {origin}:"
    PUBLISHED = "**Published**, {origin}:"
    URL = "**Source URL**, {origin}:"
    LANGUAGE = "**Language**, {origin}:"
    NO_TITLE = "**Title**: not recorded"
    NO_PUBLISHER = "**Publisher**: not recorded"
    NO_AUTHOR = "**Author**: not recorded"
    NO_PUBLISHED = "**Published**: not recorded"
    NO_LANGUAGE = "**Language**: not recorded"
    FROM_SIDECAR = "from an admin"
    FROM_FRONT_MATTER = "from its first lines"
    FROM_SOURCES = "from the list of sources"
    FROM_TRAILER = "from its last lines"
    FROM_HTML_METADATA = "from the page's metadata"
    FROM_DOCUMENT_PROPERTIES = "from the document's properties"
    FROM_TEXT = "from its text"
    SENTENCES = "**Sentences I can quote**: {count}"
    ARTICLE_ID = "**ID**: {id}"

    # List of articles
    ARTICLES = "Articles: {count}"
    FOLDER = "**Folder**: {path}"
    NO_ARTICLES = (
        "There are no articles yet. An admin of this bot can add one with `/admin add`, or put files into the folder "
        "of articles and run `/admin reindex`."
    )
    MORE_ARTICLES = "Articles that didn't fit here: {count}. Use /article to find one by its title or a heading."
    ARTICLE_UNKNOWN = "I don't have this article. Choose one from the list that appears as you type."

    # Admin
    REINDEX_BEGAN = "Reading the articles…"
    REINDEX_PROGRESS = "Reading the articles: {done} of {total} files done."
    REINDEX_BUSY = "The articles are already being indexed. The report will appear where that was started."
    REINDEX_DONE = "The index is up to date."
    REINDEX_NO_NEWS = "The index was already up to date."
    DRY_RUN = "This is what `/admin reindex` would do. Nothing was changed."
    REINDEX_FAILED = "Indexing failed. I keep answering from the previous index. The reason:"
    REINDEX_BROKE = (
        "Indexing failed. I keep answering from the previous index. The log has the details under ID {incident}."
    )
    REINDEX_STOPPED = "Indexing was cancelled, because the bot is shutting down. The index has not changed."
    ARTICLE_ADDED = "I added the article:"
    NOT_FETCHED = "The page was not added, and nothing has changed. The reason:"
    FILE_OR_URL = "Please give either a file or a URL, or neither to choose several files."
    ARTICLE_NOT_ADDED = "The file was not added, and nothing has changed. The reason:"
    INDEXED_LATER = (
        "The folder of articles was changed, but the index was not updated. Run /admin reindex later to update it. The "
        "reason:"
    )
    ADD_TITLE = "Add articles"
    ADD_LABEL = "Files"
    ADD_HINT = "Up to 10 text, Markdown, HTML, PDF or Word files of at most 8 MB each"
    FILES_ADDED = "I added the articles."
    FILES_NOT_ADDED = "No article was added, and nothing has changed."
    ADD_FILES_ASK = "Add these files as articles? Only you can do that here."
    ADD_FILES = "Add"
    FILES_NOT_YOURS = "Only the admin who posted these files can add them here."
    FILES_GONE = "I can no longer see these files. Post them again, or use /admin add."
    SAME_NAME = "Another of the files has the same name."
    REMOVE_ASK = "Remove this article?"
    REMOVE_EXPLAINED = "Its files go to the bin of the data folder. /admin restore brings them back."
    REMOVE = "Remove"
    CANCEL = "Cancel"
    UNDO = "Undo"
    REMOVING = "Removing the article…"
    NOTHING_REMOVED = "Nothing was removed."
    CONFIRM_OUTDATED = "The article has been changed or removed since I asked. Nothing was removed now."
    ARTICLE_REMOVED = "I removed this article. Its files are in the bin of the data folder."
    NOT_REMOVED = "The article was not removed. The reason:"
    ARTICLE_RESTORED = "I restored the article:"
    NOT_RESTORED = "The article was not restored. The reason:"
    NOT_IN_BIN = (
        "This can't be restored: the article is no longer in the bin. It was restored already, or deleted there."
    )
    ARTICLE_EDITED = "I changed the article's details:"
    NOTHING_TO_EDIT = "Please say what to change: title, url, publisher, author or published."
    FACT_INVALID = "The article's details were not changed. The reason:"
    TOO_LARGE = "The file is too large. The limit is {megabytes} MB."
    UNLOADED = "I couldn't download the file from Discord. Please try again."
    HISTORY = "Versions of the index that you can go back to, newest first:"
    HISTORY_LINE = "{id}, written {time}: {articles} articles, {sentences} sentences"
    HISTORY_CURRENT = "{id}, written {time}: {articles} articles, {sentences} sentences (in use)"
    ROLLED_BACK = (
        "I'm back at version {id} of the index. The next /admin reindex will index the folder of articles as it is "
        "then."
    )
    NOT_ROLLED_BACK = "The index has not changed. The reason:"
    GAPS = (
        "Questions from the last 30 days that I wasn't sure about, found nothing for, or answered badly according to "
        "feedback: {count}. The number before each is how often it was asked. The file has them all."
    )
    GAP = "**{count}** · {question}"
    GAP_AT_LENGTH = "**{count}** · {question} (shortened)"
    GAP_LAST = "Last asked {when}. {verdict}"
    GAP_ANSWERED = "I answered it."
    GAP_MAY_ANSWER = "I wasn't sure."
    GAP_NOT_FOUND = "I found nothing."
    GAP_UNCLEAR = "The question was unclear to me."
    GAP_COMPLAINT = "👎 {count} · {reason}"
    GAP_NO_REASON = "no reason given"
    MORE_GAPS = "More of them in the file: {count}"
    NO_GAPS = "I have no unanswered or badly rated questions stored from the last 30 days."
    AUDIT = "Changes and refused commands, newest first:"
    NO_AUDIT = "No changes are recorded."
    AUDIT_REFUSED = "{time}: {user} tried {details} without being allowed to"
    AUDIT_LINE = "{time}: {user}, {action} {details}"
    MEMORY = "**Memory**: {megabytes} MB"
    ENCODER = "**Encoder**: {name}"
    ANSWER_TIMES = "**Time to answer**: half within {p50} ms, 99 of 100 within {p99} ms"
    NO_ANSWER_TIMES = "**Time to answer**: no questions yet"
    GATEWAY_READY = "**Gateway**: {count} of {total} shards connected"
    CLUSTER_ANSWERS = "**Search cluster**: it answers"
    CLUSTER_AWAY = "**Search cluster**: it doesn't answer"
    PROCESSES = "**Processes**: {count}"
    PROCESS_READY = (
        "Shards {shards} of {total}: process {pid} on {host} since {time}, version {version}, {servers} servers, "
        "index {snapshot}"
    )
    PROCESS_NOT_READY = (
        "Shards {shards} of {total}: process {pid} on {host} since {time}, version {version}, **not ready**"
    )
    PROCESSES_UNKNOWN = "I can't look up the other processes right now."
    ADDED = "**Added**: {count}"
    CHANGED = "**Changed**: {count}"
    REMOVED = "**Removed**: {count}"
    REFUSED = "**Refused**: {count}"
    READ_IN_PART = "**Read in part**: {count}"
    SIMILAR = "**Very similar to another article**: {count}"
    SIMILAR_LINE = (
        "{article} is very similar to {other}: about {share} percent of their five-word sequences are the same."
    )
    IGNORED = "**Left out by .verbatimignore**: {count}"
    UNCHANGED = "**Unchanged**: {count}"
    AND_MORE = "and {count} more"
    TOTALS = "The index has {articles} articles and {sentences} sentences."
    TOTALS_DRY = "The index would have {articles} articles and {sentences} sentences."
    LOST = "Sentences that are never quoted, because an advertisement or the like interrupts them: {count}."
    LEFT_OUT = "**Left out, because it is not part of the article**: {count}"
    LEFT_OUT_BOILERPLATE = "Menus, notices and the like: {count}"
    LEFT_OUT_AD_CODE = "Advertisements: {count}"
    LEFT_OUT_LINK_PROMO = "Links to other articles: {count}"
    LEFT_OUT_BYLINE = "Lines that name the author: {count}"
    LEFT_OUT_DATE = "Lines that state a date: {count}"
    LEFT_OUT_CAPTION = "Captions and credits of pictures: {count}"
    LEFT_OUT_FOOTER = "Lines below the text, such as sources and copyright: {count}"
    TITLE_AND_ID = "{title} ({id})"
    SNAPSHOT = "**Index**: {id}, written {time}"
    NO_SNAPSHOT = "**Index**: none yet"
    STALE = "The articles have changed since they were indexed. Run /admin reindex to update the index."
    NOT_STALE = "The articles have not changed since they were indexed."
    SEEDS_UNREADABLE = "I can't read the folder of articles right now. The reason:"
    VERSION = "**Version**: {version}"
    LATENCY = "**Gateway latency**: {milliseconds} ms"
    NO_LATENCY = "**Gateway latency**: not measured yet"

    # Errors
    REFUSAL = "Only the admins of this bot can use this command."
    PROOF_FAILED = (
        "I couldn't verify that my quotation matches the article, so I'm not showing it. The log has the details under "
        "ID {incident}."
    )
    BROKE = "Something went wrong. The log has the details under ID {incident}. Please try again."
    BUSY = "Discord didn't accept my answer. Please try again in a minute."
    STATE_BROKEN = "I can't access my database right now. Please try again in a minute."
    CLUSTER_SILENT = "I can't reach the search right now. Please ask again in a minute."
    ARTICLE_DAMAGED = "A stored article is damaged, so I quote nothing. An admin can have it read again."
    COMMANDS_CHANGED = (
        "My commands have changed since your Discord loaded them. Restart Discord, or try again in a minute."
    )
    STOPPING = "I'm shutting down or restarting. Please ask again in a minute."

    # Help
    HELP_WHAT = (
        "I answer questions about a collection of articles with passages quoted word for word, each with its source."
    )
    HELP_ASK = (
        "Mention me with your question, reply to a message and mention me, or send me a direct message. To go on, "
        "reply to my answer: “and when?”, “tell me more”, “source?”. For five minutes, you can mention me instead."
    )
    HELP_COMMANDS = (
        "`/ask` answers a question. `article` searches one article only, `private` shows the answer only to you, and "
        "`thread` opens a thread for follow-up questions.\n"
        "`/search` shows the passages that match your words best.\n"
        "`/articles` lists the articles, and `/article` shows details about one.\n"
        "“Find in articles”, in a message's menu, shows what the articles say about that message.\n"
        "`/privacy` shows what I store about you.\n"
        "`/channels` lets server managers choose where and how I answer."
    )
    HELP_BOLD = "Quotations are word for word as in the article. I only put words from your question in bold."
    HELP_DELETE = "Whoever asked can delete my answer: choose “Delete answer” in its menu."
    HELP_NEVER = (
        "I never write answers of my own, summarise, or make up names, dates or URLs. When I'm not sure that a passage "
        "answers your question, I say so, and when I find nothing, I say that too. I never ping anyone."
    )


ORIGIN_MESSAGES = {
    Origin.SIDECAR: Message.FROM_SIDECAR,
    Origin.FRONT_MATTER: Message.FROM_FRONT_MATTER,
    Origin.SOURCES: Message.FROM_SOURCES,
    Origin.TRAILER: Message.FROM_TRAILER,
    Origin.HTML_METADATA: Message.FROM_HTML_METADATA,
    Origin.DOCUMENT_PROPERTIES: Message.FROM_DOCUMENT_PROPERTIES,
    Origin.TEXT: Message.FROM_TEXT,
}
"""The origin of a metadata field."""


class LanguageName(StrEnum):
    """Names of languages, by the code of each in capitals."""

    AR = "Arabic"
    BG = "Bulgarian"
    CA = "Catalan"
    CS = "Czech"
    DA = "Danish"
    DE = "German"
    EL = "Greek"
    EN = "English"
    ES = "Spanish"
    ET = "Estonian"
    EU = "Basque"
    FA = "Persian"
    FI = "Finnish"
    FR = "French"
    GA = "Irish"
    HE = "Hebrew"
    HI = "Hindi"
    HU = "Hungarian"
    HY = "Armenian"
    ID = "Indonesian"
    IT = "Italian"
    JA = "Japanese"
    KO = "Korean"
    LT = "Lithuanian"
    NE = "Nepali"
    NL = "Dutch"
    NO = "Norwegian"
    PL = "Polish"
    PT = "Portuguese"
    RO = "Romanian"
    RU = "Russian"
    SR = "Serbian"
    SV = "Swedish"
    TA = "Tamil"
    TH = "Thai"
    TR = "Turkish"
    UK = "Ukrainian"
    ZH = "Chinese"


class CommandDescription(StrEnum):
    """Descriptions of commands and options; at most 100 characters."""

    ASK = "Ask the articles a question"
    ASK_QUESTION = "Your question"
    ONE_ARTICLE = "Search this article only"
    ASK_PRIVATE = "Show the answer only to you"
    ASK_THREAD = "Open a thread for the answer and follow-up questions"
    SEARCH = "Show the passages that match your words best"
    SEARCH_TERMS = "Words to search for"
    SEARCH_LIMIT = "How many passages to show, 1 to 10"
    ARTICLES = "List the articles"
    ARTICLE = "Show details about an article"
    ARTICLE_NAME = "The article's title"
    HELP = "What this bot does and how to ask it"
    PRIVACY = "What the bot stores about you, and how to delete it"
    PRIVACY_DELETE = "Delete what is stored about your questions and feedback"
    CHANNELS = "Choose where and how the bot answers in this server"
    CHANNELS_ADD = "Add a channel to a list"
    CHANNELS_REMOVE = "Remove a channel from all lists"
    CHANNELS_LIST = "Show the lists and all other settings"
    CHANNELS_SET = "Change the other settings"
    CHANNELS_RESET = "Reset all settings and lists"
    CHANNEL = "The channel"
    CHANNEL_KIND = "What the bot does there"
    KIND_UNASKED = "answer without a mention"
    KIND_ALLOWED = "answer only here and in other listed channels"
    SET_THREADS = "Open a thread for each answer to a mention"
    SET_PRIVATE = "Show answers to /ask only to the member who asked"
    SET_UNSURE = "Without a mention: also answer when the bot is not sure"
    SET_ANSWERED_TAG = "The forums' tag for posts that the bot has answered; enter - for none"
    SET_USER_SECONDS = "Seconds between questions from one member"
    SET_CHANNEL_SECONDS = "Seconds between questions in one channel"
    ADMIN = "Manage the articles"
    REINDEX = "Update the index with changes in the folder of articles"
    REINDEX_DRY = "Only show what would change"
    STATUS = "Show how the bot and its index are doing"
    ADD = "Add articles: a file, a web page, or several files if you leave both options empty"
    ADD_FILE = "A text, Markdown, HTML, PDF or Word file"
    ADD_URL = "The URL of a web page"
    REMOVE = "Remove an article; asks first"
    RESTORE = "Bring back a removed article"
    RESTORE_ARTICLE = "The removed article's title"
    EDIT = "Change an article's details; enter - to clear one"
    EDIT_TITLE = "The article's title"
    EDIT_URL = "The article's source URL"
    EDIT_PUBLISHER = "The article's publisher"
    EDIT_AUTHOR = "The article's author"
    EDIT_PUBLISHED = "The publication date, such as 2026-04-25"
    HISTORY = "Show versions of the index that you can go back to"
    ROLLBACK = "Go back to an earlier version of the index"
    ROLLBACK_ID = "The version's ID; leave empty for the one before the current"
    GAPS = "Show unanswered and badly rated questions, the most frequent first"
    AUDIT = "Show who changed what"


class CommandName(StrEnum):
    """Localised names of commands and options, in the form that Discord requires."""

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
    RESTORE = "restore"
    LIST = "list"
    SET = "set"
    RESET = "reset"
    CHANNEL = "channel"
    KIND = "kind"
    THREADS = "threads"
    ANSWERED_TAG = "answered_tag"
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
    DELETE_ANSWER = "Delete answer"

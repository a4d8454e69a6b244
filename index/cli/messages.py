"""All fixed sentences of the terminal. Placeholders in braces take metadata, numbers or the user's own words."""

# Answers
NOT_FOUND = "I found nothing about this in the articles."
NOT_FOUND_IN_ARTICLE = "I found nothing about this in this article."
NOT_FOUND_WITH_URL = "I found nothing about this in the articles that I can quote."
MAY_ANSWER = "This may answer it:"
UNANSWERED_PART = "I am not sure of an answer to this part: {part}"
NOTHING_FOUND = "I found no passages for these words."
MAY_NOT_ANSWER = "Nearest passages; they may not answer the question:"
NO_MORE = "There are no more passages to show."
NOTHING_QUOTED = "The last answer quotes nothing."
NO_ARTICLES = "There are no articles yet. Add one with `verbatim add FILE`."
NOTHING_QUOTABLE = "There is no sentence here that I can quote."
SMALL_TALK = "I only quote articles. Ask me what they say about a person, a place or a thing."
YOU_ARE_WELCOME = "You're welcome!"
TOO_SHORT = "This is too short to look for. Write a word, or ask a question about it."
NOTHING_TO_LOOK_FOR = (
    "I don't see what to search for. Please name a person, a place or a thing that an article may mention."
)
TOO_BROAD = "Several sentences mention this. What would you like to know: who, what, when, where, why or how many?"
UNREADABLE = (
    "I know too few of these words to search for them. Try other words, in a language that the articles are in."
)
READ_WITH = "Read together with: “{question}”"
READ_AS = "Searched for {read_as} instead of {written}."
ALSO_IN = "The same words are also in:"
FURTHER_SOURCES = "More articles with the same words: {count}."
PRINTED_HYPHENS = "Hyphens at line ends are kept as printed in the document."
NOT_RECORDED = "not recorded"
NO_URL = "source URL not recorded"

# Questions about the collection
ARTICLES = "Articles: {count}"
HELP = (
    "Ask a question, and the articles answer it word for word. `verbatim articles` lists them, `verbatim search` shows "
    "the passages that match some words best, and `verbatim --help` shows all commands."
)
WHICH_ARTICLE = "Which article do you mean? Name it by words of its title; `verbatim articles` lists all."
FITTING = "These articles fit your words:"
MORE_FITTING = "More articles that fit: {count}. Name one by words of its title."
LATEST = "The latest articles by their recorded dates, newest first:"
UNDATED = "Articles without a recorded date, left out here: {count}."
NO_DATES = "None of the articles has a recorded date, so it is not known which one is the latest."
FIELD = "{name}: {value}"

# `verbatim chat`
PROMPT = "Ask: "
WELCOME = "Ask about the articles. Commands: :context, :more, :articles, :quit."
COMMANDS = "The commands are :context, :more, :articles and :quit."

# `verbatim ask --explain`
EXPLAINED = (
    "{verdict}, by the rule {rule}: probability {probability:.2f} (answered from {threshold:.2f} on), that any of the "
    "best answers {any_probability:.2f} (shown from {may_answer_threshold:.2f} on), coverage {coverage:.2f}"
)
ENCODER = "with cosines of the encoder {name}"
IN_NO_ARTICLE = "in no article"

# `verbatim articles` and `verbatim article`
SENTENCES = "{count} sentences"
FOLDER = "In the folder {folder}:"
ADD_URL_LINE = '{file}: add the line   url = "https://…"'
OR_EDIT = "or run: verbatim article {article} --edit url=https://…"
ALL_HAVE_URL = "Every article has a source URL."
EXTRACTED = "{format}, by {by}"
LEFT_OUT = "{count} pieces left out"
LOST = "{count} sentence fragments never quoted, because something interrupts them"
ORIGIN = "from the {origin}"

# Changes to the index
STALE = "The articles have changed since they were indexed. Run `verbatim reindex` to update the index."
REPORT_LINE = "{heading}: {name}"
REFUSED = "refused: {file}: {reason}"
WARNING = "read in part: {file}: {reason}"
IGNORED = "left out by .verbatimignore: {count} files and folders"
SIMILAR = "{one.article} is very similar to {one.other}: about {share} % of their five-word sequences are the same."
MORE_SIMILAR = "and {count} more that are very similar to another article"
TOTALS = "The index has {articles} articles with {sentences} sentences"
TOTALS_DRY = "Nothing was changed. The index would have {articles} articles with {sentences} sentences"
REPORT_COUNTS = "; {unchanged} unchanged, {lost} sentence fragments never quoted, because something interrupts them."
CURRENT = "{id} (current)"
CHANGES = "{added} added, {changed} changed, {removed} removed"
SNAPSHOT_TOTALS = "{articles} articles, {sentences} sentences"
NO_INDEX = "There is no index yet. Build it with `verbatim reindex`."
ROLLED_BACK = "The index is back at {id}: {articles} articles, {sentences} sentences."
KEPT = "moved to: {path}"
EMPTY_BIN = "The bin holds no articles."
VERIFIED = "Verified: {sentences} sentences of {articles} articles, each exactly as in its file."

# `verbatim eval`
GOLD_IN_NO_ARTICLE = (
    "No article contains the gold words of these questions, so no answer to them can be right: {names}."
)
AND_MORE = " and {count} more"
TIMES = "{count} questions in {seconds:.1f} s, {milliseconds:.1f} ms each."
NO_KEY = "No question in {path} has the key {key!r}."
KEYS = "The additional keys are: {names}."
NO_KEYS = "The questions have no additional keys."

# `verbatim rules`
RULE = "{rule.name}: {rule.where}, {rule.kind}{hosts}. {rule.reason}"
EXAMPLES = "{passed} of {total} examples of {rules} rules pass."
WITHOUT_EXAMPLE = "Without an example: {names}."
EXAMPLE = "{outcome.rule}, example {outcome.number}:"
LOST_CHANGE = "  sentence fragments never quoted: {before} before, {after} after"
CHECKED = (
    "{totals.changed} of {totals.articles} articles would change: {totals.taken} pieces removed (-), "
    "{totals.given_back} restored (+). Quotable sentences: {totals.sentences[0]} before, {totals.sentences[1]} after; "
    "sentence fragments never quoted: {totals.lost[0]} before, {totals.lost[1]} after. Nothing was changed."
)

# Errors
QUESTION_OR_JSONL = "Give either a question or --jsonl."
INVALID_JSON = "This line starts like JSON, but is not valid: {error}."
NO_QUESTION = 'This object has no "question" with a text.'
EDIT_NEEDS_CHANGES = "Use --edit together with changes such as url=https://example.com/dam, or leave out both."
INVALID_CHANGE = "{change!r} is not a valid change. Write NAME=VALUE; the names are {names}."
FILES_OR_URL = "Give either files, one folder or one URL."
COMMAND_MISSING = "The command {name} cannot be loaded ({error}). Install the program again."
FAULT = "Something went wrong in Verbatim ({kind}). Set VERBATIM_LOG_LEVEL=DEBUG for details."

# `verbatim cluster`
NO_CLUSTER = "No cluster is named."
SET_CLUSTER = "Set VERBATIM_OPENSEARCH and VERBATIM_STORE; docs/scaling.md says how."
INDEX_CREATED = "Created the index {name}."
INDICES_THERE = "The indices are there already."
CLUSTER_HEALTH = "Health: {health}, with {nodes} nodes"
CLUSTER_SERVES = "Serves generation {generation}: {articles} articles, {sentences} sentences"
NOTHING_PUBLISHED = "Nothing is published yet. Run `verbatim cluster reindex`."
CLUSTER_INDEX = "{name}: {documents} documents of all kept generations, {megabytes} MB with all copies"
CLUSTER_VERIFIED = "All stored articles and all documents are what the generation says."

"""The sentences of the start log and of `verbatim doctor`. Placeholders take names, ids, paths and numbers."""

# Settings
SETTINGS_VALID = "The settings are valid."
UNKNOWN_VARIABLE = "{name} is no setting, and has no effect."
MEANT = " Is {meant} meant?"

# The application
ACCEPTED = "Discord accepts the token; the bot is {name}."
REJECTED = "Discord rejected the token. Set DISCORD_TOKEN to the bot's current token."
REFUSED = "Discord refused a request of this check ({error}). Try again later."
NO_DISCORD = "Discord cannot be reached. Check the network, and https://discordstatus.com."
INVITE = "This link adds the bot to a server, with exactly the permissions that it needs: {link}"
CONTENT_ON = "The Message Content Intent is on: the bot can also answer without a mention, where /channels says so."
CONTENT_OFF = (
    "The Message Content Intent is off: the bot reads mentions, replies to its messages, direct messages and commands. "
    "Only to answer in a channel without a mention it needs the intent."
)
CONTENT_MISSING = (
    "The Message Content Intent is off, but /channels of the servers {servers} names channels to answer in without a "
    "mention: the bot reads nothing there but mentions. Turn the intent on under Bot at "
    "https://discord.com/developers/applications and restart the bot, or remove the channels with /channels remove."
)

# Admins
NO_ADMIN_SERVER = "Nobody may use /admin, because VERBATIM_ADMIN_GUILDS names no server. Write your server's id there."
ADMINS = "In the servers of VERBATIM_ADMIN_GUILDS ({servers}), these may use /admin: {who}."
OWNER = "the application's owner {name}"
TEAM = "the members of the application's team {name}"
ADMIN_USERS = "the users of VERBATIM_ADMIN_USERS ({ids})"
ADMIN_ROLES = "the holders of the roles of VERBATIM_ADMIN_ROLES ({ids})"
NOT_IN_ADMIN_SERVER = (
    "The bot is not a member of the server {server} of VERBATIM_ADMIN_GUILDS, so nobody may use /admin there. "
    "Add the bot to it with the link above, or correct the id."
)
UNKNOWN_ROLE = (
    "The role {role} of VERBATIM_ADMIN_ROLES is in none of the servers of VERBATIM_ADMIN_GUILDS, so it opens nothing. "
    "Correct the id."
)

# Servers
NO_SERVER = "The bot is in no server yet. Add it with the link above."
PERMITTED = "The bot has the permissions that it needs in {count} of {total} servers."
NOT_PERMITTED = (
    "In the server {server} the bot lacks {permissions}. Give these permissions to its role in the server's settings."
)
NOT_PERMITTED_IN_CHANNEL = (
    "In the channel #{channel} of the server {server} the bot lacks {permissions}. "
    "Give these permissions to its role in the channel's settings."
)
CHANNEL_GONE = (
    "The server {server} has no channel {channel} that the bot can see, but /channels names it. "
    "Remove it with /channels reset, or let the bot see it."
)
NOT_LOOKED_AT = "Of the servers that name channels, {count} were not looked at."

# Articles and index
SEEDS_READ_ONLY = (
    "The folder of articles {path!r} cannot be written by the user {user}, so /admin add, edit and remove fail. "
    "Let this user write there."
)
DATA_WRITABLE = "The data folder {path!r} can be written."
DATA_TO_COME = "The data folder {path!r} is created at the first start."
DATA_READ_ONLY = (
    "The data folder {path!r} cannot be written by the user {user}. Let this user write there, or set VERBATIM_DATA."
)
DATA_NO_FOLDER = "The data folder {path!r} is no folder. Remove the file, or set VERBATIM_DATA."
RULES_VALID = "The cleaning rules are valid."
NO_INDEX = "There is no index yet; the first start makes it from the folder of articles."
DAMAGED = "{what} Run `verbatim reindex`, which makes the index again from the folder of articles."
NO_ARTICLES = (
    "The index holds no article, so nothing can be quoted. Copy articles into {path!r}, and run `verbatim reindex`."
)
STALE = "The articles in {path!r} have changed since they were indexed. Run `verbatim reindex`, or /admin reindex."
INDEX_WHOLE = "The index is whole: {articles} articles, each of the {sentences} sentences as in its file."
NOT_AS_FILED = "The index differs from the articles in {count} places. Run `verbatim reindex`. The first: {first}"
LITTLE_SPACE = "The disk of {path!r} has {free} MB left. Make room: a new version of the index may not fit."

# The search cluster
CLUSTER_EMPTY = "OpenSearch can be reached, and has no index yet; the first start makes it from the folder of articles."
CLUSTER_SERVES = (
    "OpenSearch answers; nodes: {nodes}. It serves generation {generation} of the store: "
    "{articles} articles, {sentences} sentences."
)
CLUSTER_YELLOW = (
    "OpenSearch lacks copies of shards, so the loss of one more node may end all answers. "
    "Start the nodes that are missing; `verbatim cluster status` shows the rest."
)
CLUSTER_RED = (
    "A part of the index in OpenSearch is missing, so no question is answered from there. Start the nodes that are "
    "missing; if their disks are lost, run `verbatim cluster reindex --all`."
)
CLUSTER_LACKS = (
    "OpenSearch has {documents} of the {sentences} sentences that the store lists. "
    "Run `verbatim cluster reindex --all`."
)
INDEX_CURRENT = (
    "The index is up to date with the folder of articles: {articles} articles, {sentences} sentences. "
    "`verbatim cluster verify` compares all of them."
)

# The state
NO_STATE = "There is no database yet; the first start makes it."
STATE_WHOLE = "The database opens, and is whole."
STATE_OLDER = "The database opens, and is whole; the next start brings it up to this version."
STATE_NEWER = (
    "The database {path!r} has the schema {detail!r}, which this version does not know. "
    "Start the newer version that wrote it, or move the file away."
)
STATE_LOCKED = "The database {path!r} is locked by another program. Stop what else uses it."
STATE_UNREADABLE = (
    "The database {path!r} cannot be read ({detail}). It must be a file that the bot's user can read and write."
)
STATE_DAMAGED = (
    "The database {path!r} is damaged ({detail}). The next start sets it aside and begins a new one; "
    "restore your backup first if you have one."
)
STATE_READ_ONLY = "The database {path!r} cannot be written by the user {user}. Let this user write it."

SERVER_EMPTY = "The PostgreSQL database can be reached, and is empty; the first start makes its tables."
SERVER_WHOLE = "The PostgreSQL database can be used, and has the tables of this version."
SERVER_OLDER = "The PostgreSQL database can be reached; the next start brings it up to this version."

# Several processes
SHARDS_SERVED = "All {count} shards are those of a process that runs; processes: {processes}."
SHARDS_MISSING = (
    "No process that runs has the shards {shards} of {count}, so the servers there get no answer. "
    "Start a process with these VERBATIM_SHARD_IDS."
)

# The port
PORT_FREE = "The port {host}:{port} is free."
PORT_SERVED = "The port {host}:{port} is that of a bot that runs."
PORT_TAKEN = "The port {host}:{port} cannot be opened ({reason}). Choose another VERBATIM_HTTP_PORT."

# The end
NO_PROBLEM = "No problem found. Warnings: {warnings}."
PROBLEMS = "Problems: {problems}. Warnings: {warnings}."

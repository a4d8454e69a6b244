-- The bot's role and database: run once, by the superuser, when the server of compose.cluster.yaml starts for the first time.
\getenv password VERBATIM_PASSWORD
CREATE ROLE verbatim LOGIN PASSWORD :'password';
CREATE DATABASE verbatim OWNER verbatim ENCODING 'UTF8' TEMPLATE template0;
REVOKE CONNECT ON DATABASE verbatim FROM PUBLIC;

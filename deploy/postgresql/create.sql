-- The service's role and database, made where they are missing. The role has no password: it is the system's own user
-- of that name who connects through the socket.
SELECT 'CREATE ROLE menusite LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'menusite') \gexec
SELECT 'CREATE DATABASE menusite OWNER menusite ENCODING ''UTF8'' TEMPLATE template0'
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'menusite') \gexec

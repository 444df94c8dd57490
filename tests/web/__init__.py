"""The web application, on SQLite, and on PostgreSQL where DATABASE_URL names one."""

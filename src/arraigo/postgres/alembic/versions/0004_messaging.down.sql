DROP TABLE arraigo.bot_threads, arraigo.bot_users;

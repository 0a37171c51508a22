-- Generated from the datasets; see ../migration.ts.

CREATE TABLE "sqlatency_stamp" ("id" INTEGER PRIMARY KEY, "name" TEXT, "run" TEXT);

CREATE TABLE "sqlatency_marker" ("id" INTEGER PRIMARY KEY, "seq" INTEGER);

CREATE TABLE "author" ("id" INTEGER PRIMARY KEY, "name" TEXT, "bio" TEXT, "joined" INTEGER);

CREATE TABLE "post" ("id" INTEGER PRIMARY KEY, "author_id" INTEGER, "slug" TEXT, "title" TEXT, "body" TEXT, "date" INTEGER, "published" INTEGER, "rating" REAL, "meta" TEXT);
CREATE INDEX "post_published_date" ON "post" ("published", "date");
CREATE INDEX "post_author_id" ON "post" ("author_id");
CREATE INDEX "post_date" ON "post" ("date");

CREATE TABLE "comment" ("id" INTEGER PRIMARY KEY, "post_id" INTEGER, "author" TEXT, "body" TEXT, "date" INTEGER);
CREATE INDEX "comment_post_id" ON "comment" ("post_id");

CREATE TABLE "post_stats" ("id" INTEGER PRIMARY KEY, "views" INTEGER, "updated" INTEGER);

CREATE TABLE "event" ("id" INTEGER PRIMARY KEY, "post_id" INTEGER, "kind" TEXT, "at" INTEGER);
CREATE INDEX "event_post_id" ON "event" ("post_id");

CREATE TABLE "account" ("id" INTEGER PRIMARY KEY, "owner" TEXT, "balance" INTEGER, "updated" INTEGER);

CREATE TABLE "entry" ("id" INTEGER PRIMARY KEY, "from_id" INTEGER, "to_id" INTEGER, "amount" INTEGER, "at" INTEGER);
CREATE INDEX "entry_from_id" ON "entry" ("from_id");

INSERT INTO "sqlatency_stamp" ("id", "name", "run") VALUES (1, 'sqlatency_marker', 'migration');
INSERT INTO "sqlatency_stamp" ("id", "name", "run") VALUES (2, 'author', 'migration');
INSERT INTO "sqlatency_stamp" ("id", "name", "run") VALUES (3, 'post', 'migration');
INSERT INTO "sqlatency_stamp" ("id", "name", "run") VALUES (4, 'comment', 'migration');
INSERT INTO "sqlatency_stamp" ("id", "name", "run") VALUES (5, 'post_stats', 'migration');
INSERT INTO "sqlatency_stamp" ("id", "name", "run") VALUES (6, 'event', 'migration');
INSERT INTO "sqlatency_stamp" ("id", "name", "run") VALUES (7, 'account', 'migration');
INSERT INTO "sqlatency_stamp" ("id", "name", "run") VALUES (8, 'entry', 'migration');

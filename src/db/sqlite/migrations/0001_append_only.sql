CREATE TRIGGER `entries_no_update` BEFORE UPDATE ON `entries` BEGIN
  SELECT RAISE(ABORT, 'entries are append-only');
END;
--> statement-breakpoint
CREATE TRIGGER `entries_no_delete` BEFORE DELETE ON `entries` BEGIN
  SELECT RAISE(ABORT, 'entries are append-only');
END;

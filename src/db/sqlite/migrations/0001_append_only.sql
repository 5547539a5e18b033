CREATE TRIGGER `entries_no_update` BEFORE UPDATE ON `entries` BEGIN
  SELECT RAISE(ABORT, 'entries are append-only');
END;
--> statement-breakpoint
CREATE TRIGGER `entries_no_delete` BEFORE DELETE ON `entries` BEGIN
  SELECT RAISE(ABORT, 'entries are append-only');
END;
--> statement-breakpoint
CREATE TRIGGER `entries_no_replace` BEFORE INSERT ON `entries`
WHEN EXISTS (
  SELECT 1 FROM `entries`
  WHERE `id` = NEW.`id` OR (`case_id` = NEW.`case_id` AND `kind` = NEW.`kind` AND `seq` = NEW.`seq`)
) BEGIN
  SELECT RAISE(ABORT, 'entries are append-only');
END;

-- Tells every process that what is shown of a person has changed, with the change itself: one that is rolled back is
-- not told, and one that is made by hand is. Roles and status are not told of, for they are read where they decide.
CREATE OR REPLACE FUNCTION app.tell_profile_change() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('cache_news', 'profile/' || NEW.id);
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER profile_change AFTER UPDATE ON app.users FOR EACH ROW
WHEN ((OLD.telegram_id, OLD.first_name, OLD.username, OLD.language)
      IS DISTINCT FROM (NEW.telegram_id, NEW.first_name, NEW.username, NEW.language))
EXECUTE FUNCTION app.tell_profile_change();

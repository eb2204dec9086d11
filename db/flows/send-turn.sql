-- Gives a message its turn, over all bot processes: so many in any window, one each so often per chat with a burst, and
-- what is more urgent first. Answers how long to wait, in ms, and for whom: 0 is a turn, which is counted now.
-- The one row of the window is locked first, so turns come one after the other.
CREATE OR REPLACE FUNCTION app.send_turn(
  p_chat_id bigint, p_weight int, p_priority text, p_at_once_max int, p_window_ms double precision,
  p_chat_burst int, p_chat_every_ms double precision,
  OUT scope text, OUT wait_ms double precision
) LANGUAGE plpgsql AS $$
DECLARE
  v_window app.send_window;
  v_chat app.send_chat;
  v_now timestamptz;
  v_yield timestamptz;
  v_sent timestamptz[];
  v_tokens double precision;
BEGIN
  INSERT INTO app.send_window DEFAULT VALUES ON CONFLICT DO NOTHING;
  SELECT * INTO v_window FROM app.send_window FOR UPDATE;
  v_now := clock_timestamp();
  scope := 'all';
  v_yield := CASE p_priority
    WHEN 'reply' THEN '-infinity'
    WHEN 'notice' THEN v_window.replies_wait_until
    ELSE greatest(v_window.replies_wait_until, v_window.notices_wait_until) END;
  IF v_window.paused_until > v_now THEN
    wait_ms := extract(epoch FROM v_window.paused_until - v_now) * 1000;
    RETURN;
  END IF;
  IF v_yield > v_now THEN
    wait_ms := least(50, extract(epoch FROM v_yield - v_now) * 1000);
    RETURN;
  END IF;

  INSERT INTO app.send_chat (chat_id, tokens, at) VALUES (p_chat_id, p_chat_burst, v_now) ON CONFLICT DO NOTHING;
  SELECT * INTO v_chat FROM app.send_chat WHERE chat_id = p_chat_id;
  v_tokens := least(p_chat_burst, v_chat.tokens + extract(epoch FROM v_now - v_chat.at) * 1000 / p_chat_every_ms);
  IF v_chat.paused_until > v_now OR v_tokens < p_weight THEN
    scope := 'chat';
    wait_ms := greatest(
      CASE WHEN v_chat.paused_until > v_now THEN extract(epoch FROM v_chat.paused_until - v_now) * 1000 ELSE 0 END,
      CASE WHEN v_tokens < p_weight THEN (p_weight - v_tokens) * p_chat_every_ms ELSE 0 END);
    RETURN;
  END IF;

  v_sent := ARRAY(SELECT moment FROM unnest(v_window.sent_at) moment
                  WHERE moment > v_now - make_interval(secs => p_window_ms / 1000) ORDER BY moment);
  IF cardinality(v_sent) >= p_at_once_max THEN
    wait_ms := p_window_ms - extract(epoch FROM v_now - v_sent[1]) * 1000;
    -- A little longer than the wait, so that whoever is less urgent does not come first.
    UPDATE app.send_window SET
      replies_wait_until = CASE p_priority WHEN 'reply' THEN v_now + make_interval(secs => (wait_ms + 200) / 1000)
        ELSE replies_wait_until END,
      notices_wait_until = CASE p_priority WHEN 'notice' THEN v_now + make_interval(secs => (wait_ms + 200) / 1000)
        ELSE notices_wait_until END;
    RETURN;
  END IF;

  UPDATE app.send_window SET sent_at = v_sent || v_now;
  UPDATE app.send_chat SET tokens = v_tokens - p_weight, at = v_now WHERE chat_id = p_chat_id;
  -- A chat that has been quiet for minutes is as one that was never written to.
  IF random() < 0.01 THEN
    DELETE FROM app.send_chat WHERE at < v_now - interval '5 minutes' AND paused_until < v_now;
  END IF;
  wait_ms := 0;
END $$;

-- What Telegram has said to one process holds for all: nothing leaves to a chat, or to nobody, for so long.
CREATE OR REPLACE FUNCTION app.send_pause(p_chat_id bigint, p_for_ms double precision) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  v_until timestamptz := clock_timestamp() + make_interval(secs => p_for_ms / 1000);
BEGIN
  INSERT INTO app.send_window DEFAULT VALUES ON CONFLICT DO NOTHING;
  PERFORM FROM app.send_window FOR UPDATE;
  IF p_chat_id IS NULL THEN
    UPDATE app.send_window SET paused_until = greatest(paused_until, v_until);
  ELSE
    INSERT INTO app.send_chat AS c (chat_id, tokens, at, paused_until) VALUES (p_chat_id, 0, clock_timestamp(), v_until)
    ON CONFLICT (chat_id) DO UPDATE SET paused_until = greatest(c.paused_until, excluded.paused_until);
  END IF;
END $$;

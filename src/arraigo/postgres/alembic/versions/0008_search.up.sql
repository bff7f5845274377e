-- Search over what one user's conversations say. An append does nothing for it: what is new is indexed a moment later
-- (arraigo worker, or whoever searches next), and until then a search reads it as it stands (docs/decisions, search).
--
-- Needs no extension: letters without their accents, words and trigrams are made by the functions below.

-- How a text was read: stemmed as Spanish, English or Portuguese; as it is, when its conversation has another language;
-- as all three, when nothing tells which ('any').
CREATE DOMAIN arraigo.search_language AS text CHECK (VALUE IN ('es', 'en', 'pt', 'simple', 'any'));

-- One row per message that is there, and one with number 0 for the conversation's title.
CREATE TABLE arraigo.message_search (
  conversation_id uuid NOT NULL,
  sequence_number bigint NOT NULL CHECK (sequence_number >= 0),
  owner_id        uuid NOT NULL,
  created_at      timestamptz NOT NULL,
  role            arraigo.message_role,
  language        arraigo.search_language NOT NULL,
  words           tsvector NOT NULL,
  PRIMARY KEY (conversation_id, sequence_number),
  FOREIGN KEY (conversation_id, owner_id) REFERENCES arraigo.conversations (id, owner_id) ON DELETE CASCADE
);

-- How far a conversation is indexed. Its row is the lock under which its rows above are changed.
CREATE TABLE arraigo.search_progress (
  conversation_id uuid PRIMARY KEY,
  owner_id        uuid NOT NULL,
  indexed         bigint NOT NULL DEFAULT 0,  -- the messages up to this number
  titled          boolean NOT NULL DEFAULT false,
  behind          boolean NOT NULL DEFAULT false,  -- something other than an append has changed it
  FOREIGN KEY (conversation_id, owner_id) REFERENCES arraigo.conversations (id, owner_id) ON DELETE CASCADE
);
CREATE INDEX search_progress_behind ON arraigo.search_progress (owner_id) WHERE behind;

-- When all that an owner had was indexed: what has been silent since long before then needs no look.
CREATE TABLE arraigo.search_owners (
  owner_id uuid PRIMARY KEY REFERENCES arraigo.users ON DELETE CASCADE,
  complete_at timestamptz NOT NULL
);

ALTER TABLE arraigo.message_search ENABLE ROW LEVEL SECURITY;
ALTER TABLE arraigo.message_search FORCE ROW LEVEL SECURITY;
ALTER TABLE arraigo.search_progress ENABLE ROW LEVEL SECURITY;
ALTER TABLE arraigo.search_progress FORCE ROW LEVEL SECURITY;
ALTER TABLE arraigo.search_owners ENABLE ROW LEVEL SECURITY;
ALTER TABLE arraigo.search_owners FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_sees_all ON arraigo.message_search TO arraigo_owner USING (true);
CREATE POLICY owner_sees_all ON arraigo.search_progress TO arraigo_owner USING (true);
CREATE POLICY owner_sees_all ON arraigo.search_owners TO arraigo_owner USING (true);
CREATE POLICY own ON arraigo.message_search TO arraigo_app
  USING (owner_id = nullif(current_setting('arraigo.user_id', true), '')::uuid);
CREATE POLICY own ON arraigo.search_progress TO arraigo_app
  USING (owner_id = nullif(current_setting('arraigo.user_id', true), '')::uuid);
CREATE POLICY own ON arraigo.search_owners TO arraigo_app
  USING (owner_id = nullif(current_setting('arraigo.user_id', true), '')::uuid);

-- Texts to words ------------------------------------------------------------------------------------------------------

CREATE FUNCTION arraigo.search_composed(in_text text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN octet_length(in_text) = length(in_text) OR in_text IS NFC NORMALIZED THEN in_text
            ELSE normalize(in_text, NFC) END;

CREATE FUNCTION arraigo.search_plain(in_text text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
-- A composed text without accents, and with a space for whatever is neither letter nor digit; as long as it was, so
-- that a place in one is a place in the other.
DECLARE
  folded text := in_text;
BEGIN
  IF octet_length(in_text) <> length(in_text) THEN
    folded := normalize(regexp_replace(normalize(in_text, NFD), '[\u0300-\u036f]', '', 'g'), NFC);
    IF length(folded) <> length(in_text) THEN
      folded := in_text;
    END IF;
    folded := regexp_replace(folded, '[\u0080-\u00a9\u00ab-\u00b4\u00b6-\u00b9\u00bb-\u00bf\u2000-\u206f\u3000-\u303f]',
                             ' ', 'g');
  END IF;
  RETURN regexp_replace(folded, '[^a-zA-Z0-9\u0080-\U0010ffff]', ' ', 'g');
END
$$;

CREATE FUNCTION arraigo.search_spelled(in_language text, in_plain text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
-- The endings whose accent the stemmers want to see, so that comunicacion and comunicaciones are one word.
RETURN CASE in_language
  WHEN 'es' THEN regexp_replace(in_plain, '([cs])ion\M', '\1ión', 'gi')
  WHEN 'pt' THEN regexp_replace(regexp_replace(in_plain, 'cao\M', 'ção', 'gi'), 'coes\M', 'ções', 'gi')
  ELSE in_plain END;

CREATE FUNCTION arraigo.search_config(in_language text) RETURNS regconfig LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE in_language WHEN 'es' THEN 'pg_catalog.spanish'::regconfig WHEN 'en' THEN 'pg_catalog.english'::regconfig
                        WHEN 'pt' THEN 'pg_catalog.portuguese'::regconfig ELSE 'pg_catalog.simple'::regconfig END;

CREATE FUNCTION arraigo.search_language_of(in_tag text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
-- Of a conversation's language tag (es, es-CO, pt_BR); NULL when it has none.
RETURN CASE WHEN in_tag IS NULL THEN NULL
            WHEN substring(lower(in_tag) FROM '^(es|en|pt)(?![a-z])') IS NULL THEN 'simple'
            ELSE substring(lower(in_tag) FROM '^(es|en|pt)') END;

CREATE FUNCTION arraigo.search_vector(in_tag text, in_text text, OUT language text, OUT words tsvector)
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
-- The words of a text, and how it was read. Without a language, it is the one that leaves the fewest words: whose words
-- for "the" and "of" stand in it. Where two leave the same, the text is short, and read as all three.
DECLARE
  long constant int := 200000;  -- bytes from which a tsvector might not hold the places of all words
  part constant int := 50000;
  seam constant int := 100;
  plain text;
  es tsvector;
  en tsvector;
  pt tsvector;
  least_words int;
BEGIN
  language := arraigo.search_language_of(in_tag);
  plain := arraigo.search_plain(arraigo.search_composed(
    CASE WHEN octet_length(in_text) > long THEN left(in_text, part) ELSE in_text END));
  IF language IS NULL THEN
    es := to_tsvector('spanish', arraigo.search_spelled('es', plain));
    en := to_tsvector('english', plain);
    pt := to_tsvector('portuguese', arraigo.search_spelled('pt', plain));
    least_words := least(length(es), length(en), length(pt));
    IF length(es) = least_words AND length(en) > least_words AND length(pt) > least_words THEN
      language := 'es';
      words := es;
    ELSIF length(en) = least_words AND length(es) > least_words AND length(pt) > least_words THEN
      language := 'en';
      words := en;
    ELSIF length(pt) = least_words AND length(es) > least_words AND length(en) > least_words THEN
      language := 'pt';
      words := pt;
    ELSE
      language := 'any';
      words := es || en || pt;
    END IF;
  ELSIF octet_length(in_text) <= long THEN
    words := to_tsvector(arraigo.search_config(language), arraigo.search_spelled(language, plain));
  END IF;
  IF octet_length(in_text) > long THEN
    language := CASE language WHEN 'any' THEN 'simple' ELSE language END;
    words := '';
    FOR number IN 0 .. length(in_text) / part LOOP
      words := strip(words || to_tsvector(arraigo.search_config(language), arraigo.search_spelled(language,
        arraigo.search_plain(arraigo.search_composed(substr(in_text, 1 + number * part, part + seam))))));
    END LOOP;
  END IF;
END
$$;

CREATE FUNCTION arraigo.search_mark(in_owner uuid, in_language text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
-- What stands before every word in the index: an entry of it holds one owner's rows, read in one way, so that a search
-- costs what its own owner has, and not what everybody has. The end of the id is random; should two ends be the same,
-- the row's owner_id tells them apart.
RETURN right(in_owner::text, 8) || left(in_language, 2);

CREATE FUNCTION arraigo.search_keys(in_owner uuid, in_language text, in_words tsvector) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE
-- What the index has of a row. A word has neither quotes nor spaces, so that it can be done on the text.
RETURN replace(' ' || in_words::text, ' ''', ' ''' || arraigo.search_mark(in_owner, in_language))::tsvector;

CREATE FUNCTION arraigo.search_trigrams(in_word text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN ARRAY(SELECT DISTINCT substr('<' || left(in_word, 64) || '>', n, 3)
               FROM generate_series(1, least(length(in_word), 64)) AS n);

CREATE FUNCTION arraigo.search_grams(in_owner uuid, in_words tsvector) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
-- The trigrams of a row's words, each with its owner's mark.
RETURN ARRAY(SELECT DISTINCT right(in_owner::text, 8) || substr('<' || left(word, 64) || '>', n, 3)
               FROM unnest(tsvector_to_array(in_words)) AS word, generate_series(1, least(length(word), 64)) AS n);

CREATE INDEX message_search_keys ON arraigo.message_search
  USING gin (arraigo.search_keys(owner_id, language, words)) WITH (gin_pending_list_limit = 1024);
CREATE INDEX message_search_grams ON arraigo.message_search
  USING gin (arraigo.search_grams(owner_id, words)) WITH (gin_pending_list_limit = 1024);

-- Keeping the index ---------------------------------------------------------------------------------------------------

CREATE FUNCTION arraigo.search_backlog(
  in_owner uuid, in_all boolean,
  OUT conversation_id uuid, OUT tag text, OUT title text, OUT made timestamptz, OUT last_sequence bigint,
  OUT indexed bigint, OUT titled boolean
) RETURNS SETOF record LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
-- An owner's conversations that are not wholly indexed. Appends set activity_at, to when their transaction began;
-- everything else sets behind. One that was open for an hour before it appended is found with in_all, at night.
DECLARE
  since timestamptz := (SELECT o.complete_at - interval '1 hour' FROM arraigo.search_owners o
                         WHERE o.owner_id = in_owner AND NOT in_all);
BEGIN
  RETURN QUERY
  SELECT c.id, c.language::text, c.title::text, c.created_at, c.last_sequence,
         coalesce(p.indexed, 0), coalesce(p.titled, false)
    FROM arraigo.conversations c LEFT JOIN arraigo.search_progress p ON p.conversation_id = c.id
   WHERE c.owner_id = in_owner AND c.activity_at >= coalesce(since, '-infinity')
     AND (p.conversation_id IS NULL OR NOT p.titled OR p.indexed < c.last_sequence);
  IF since IS NOT NULL THEN
    RETURN QUERY
    SELECT c.id, c.language::text, c.title::text, c.created_at, c.last_sequence, p.indexed, p.titled
      FROM arraigo.search_progress p JOIN arraigo.conversations c ON c.id = p.conversation_id
     WHERE p.owner_id = in_owner AND p.behind AND c.activity_at < since
       AND (NOT p.titled OR p.indexed < c.last_sequence);
  END IF;
END
$$;

CREATE FUNCTION arraigo.search_index(in_all boolean, in_least int, in_limit int) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
-- Indexes what the caller has and is not indexed yet, at most so many messages and titles: how many. Fewer than
-- in_limit: nothing is left, or somebody else is at it. Fewer than in_least are not worth it: a search reads them as
-- they stand.
DECLARE
  me uuid := nullif(current_setting('arraigo.user_id', true), '')::uuid;
  began timestamptz := now();
  place record;
  at bigint;
  titled boolean;
  read int;
  last bigint;
  done int := 0;
  all_of_it boolean := true;
BEGIN
  IF me IS NULL OR current_setting('transaction_read_only')::boolean OR in_least > (
       SELECT coalesce(sum(b.last_sequence - b.indexed + 1 - b.titled::int), 0) FROM arraigo.search_backlog(me, in_all) b)
  THEN
    RETURN 0;
  END IF;
  FOR place IN SELECT * FROM arraigo.search_backlog(me, in_all) LOOP
    IF done >= in_limit THEN
      RETURN done;
    END IF;
    -- The conversation first, as whoever deletes it does.
    PERFORM FROM arraigo.conversations c WHERE c.id = place.conversation_id FOR KEY SHARE SKIP LOCKED;
    IF FOUND THEN
      INSERT INTO arraigo.search_progress (conversation_id, owner_id) VALUES (place.conversation_id, me)
      ON CONFLICT DO NOTHING;
      SELECT p.indexed, p.titled INTO at, titled FROM arraigo.search_progress p
       WHERE p.conversation_id = place.conversation_id FOR UPDATE SKIP LOCKED;
    END IF;
    IF NOT FOUND THEN
      all_of_it := false;
      CONTINUE;
    END IF;
    -- From here on statements of their own, so that they see what was committed before the lock.
    IF NOT titled THEN
      INSERT INTO arraigo.message_search (conversation_id, sequence_number, owner_id, created_at, language, words)
      SELECT c.id, 0, me, c.created_at, v.language, setweight(v.words, 'A')
        FROM arraigo.conversations c, arraigo.search_vector(c.language, c.title) v WHERE c.id = place.conversation_id
      ON CONFLICT (conversation_id, sequence_number) DO UPDATE
         SET language = excluded.language, words = excluded.words;
      done := done + 1;
    END IF;
    WITH batch AS MATERIALIZED (
      SELECT m.sequence_number, m.created_at, m.role, m.content, m.deleted_at
        FROM arraigo.messages m WHERE m.conversation_id = place.conversation_id AND m.sequence_number > at
       ORDER BY m.sequence_number LIMIT in_limit - done
    ), put AS (
      INSERT INTO arraigo.message_search
             (conversation_id, sequence_number, owner_id, created_at, role, language, words)
      SELECT place.conversation_id, b.sequence_number, me, b.created_at, b.role, v.language, v.words
        FROM batch b, arraigo.search_vector(place.tag, b.content) v WHERE b.deleted_at IS NULL
    )
    SELECT count(*), coalesce(max(b.sequence_number), at) INTO read, last FROM batch b;
    done := done + read;
    UPDATE arraigo.search_progress p SET indexed = last, titled = true, behind = done >= in_limit
     WHERE p.conversation_id = place.conversation_id;
  END LOOP;
  IF all_of_it AND done < in_limit THEN
    INSERT INTO arraigo.search_owners AS o (owner_id, complete_at) VALUES (me, began)
    ON CONFLICT (owner_id) DO UPDATE SET complete_at = excluded.complete_at WHERE o.complete_at < excluded.complete_at;
  END IF;
  RETURN done;
END
$$;

CREATE FUNCTION arraigo.search_owners_behind(in_all boolean, in_after uuid, in_limit int) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  -- For the worker: who has something that is not indexed, in order.
  SELECT u.id FROM arraigo.users u
   WHERE u.id > in_after AND EXISTS (SELECT FROM arraigo.search_backlog(u.id, in_all))
   ORDER BY u.id LIMIT in_limit
$$;

CREATE FUNCTION arraigo.search_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
-- A message was edited or deleted. Whether it is indexed is asked under the lock of whoever indexes.
DECLARE
  reached bigint;
BEGIN
  INSERT INTO arraigo.search_progress (conversation_id, owner_id) VALUES (NEW.conversation_id, NEW.owner_id)
  ON CONFLICT DO NOTHING;
  SELECT p.indexed INTO reached FROM arraigo.search_progress p
   WHERE p.conversation_id = NEW.conversation_id FOR UPDATE;
  IF reached >= NEW.sequence_number THEN
    IF NEW.deleted_at IS NOT NULL THEN
      DELETE FROM arraigo.message_search s
       WHERE s.conversation_id = NEW.conversation_id AND s.sequence_number = NEW.sequence_number;
    ELSE
      UPDATE arraigo.message_search s SET language = v.language, words = v.words
        FROM arraigo.conversations c, arraigo.search_vector(c.language, NEW.content) v
       WHERE c.id = NEW.conversation_id
         AND s.conversation_id = NEW.conversation_id AND s.sequence_number = NEW.sequence_number;
    END IF;
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER search_changed AFTER UPDATE OF content, deleted_at ON arraigo.messages
  FOR EACH ROW EXECUTE FUNCTION arraigo.search_changed();

CREATE FUNCTION arraigo.search_gone() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
-- Messages were taken away as rows: by a move that puts others in their place, or with their conversation.
BEGIN
  UPDATE arraigo.search_progress p SET indexed = least(p.indexed, g.first - 1), behind = true
    FROM (SELECT conversation_id, min(sequence_number) AS first FROM gone GROUP BY conversation_id) AS g
   WHERE p.conversation_id = g.conversation_id;
  DELETE FROM arraigo.message_search s
   USING (SELECT conversation_id, min(sequence_number) AS first FROM gone GROUP BY conversation_id) AS g
   WHERE s.conversation_id = g.conversation_id AND s.sequence_number >= g.first;
  RETURN NULL;
END
$$;
CREATE TRIGGER search_gone AFTER DELETE ON arraigo.messages REFERENCING OLD TABLE AS gone
  FOR EACH STATEMENT EXECUTE FUNCTION arraigo.search_gone();

CREATE FUNCTION arraigo.search_made() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
-- A conversation came with messages, or with an activity of the past: nobody would look for it.
BEGIN
  INSERT INTO arraigo.search_progress (conversation_id, owner_id, behind) VALUES (NEW.id, NEW.owner_id, true)
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END
$$;
CREATE TRIGGER search_made AFTER INSERT ON arraigo.conversations
  FOR EACH ROW WHEN (NEW.last_sequence > 0 OR NEW.activity_at < date_trunc('minute', now()))
  EXECUTE FUNCTION arraigo.search_made();

CREATE FUNCTION arraigo.search_look(in_conversation uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  -- For whoever appends to a conversation of the caller's under a time of the past, as a journal does: look at it.
  INSERT INTO arraigo.search_progress AS p (conversation_id, owner_id, behind)
  SELECT c.id, c.owner_id, true FROM arraigo.conversations c
   WHERE c.id = in_conversation AND c.owner_id = nullif(current_setting('arraigo.user_id', true), '')::uuid
  ON CONFLICT (conversation_id) DO UPDATE SET behind = true WHERE NOT p.behind
$$;

CREATE FUNCTION arraigo.search_renamed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
-- The title is another one, or everything is to be read in another language, or a move has changed the row.
BEGIN
  INSERT INTO arraigo.search_progress (conversation_id, owner_id) VALUES (NEW.id, NEW.owner_id)
  ON CONFLICT DO NOTHING;
  UPDATE arraigo.search_progress p
     SET titled = false, behind = true,
         indexed = CASE WHEN NEW.language IS DISTINCT FROM OLD.language THEN 0 ELSE p.indexed END
   WHERE p.conversation_id = NEW.id;
  DELETE FROM arraigo.message_search s
   WHERE s.conversation_id = NEW.id
     AND (s.sequence_number = 0 OR NEW.language IS DISTINCT FROM OLD.language);
  RETURN NULL;
END
$$;
CREATE TRIGGER search_renamed AFTER UPDATE OF title, language ON arraigo.conversations
  FOR EACH ROW EXECUTE FUNCTION arraigo.search_renamed();

-- Finding -------------------------------------------------------------------------------------------------------------

CREATE FUNCTION arraigo.search_tail(
  in_owner uuid,
  OUT conversation_id uuid, OUT sequence_number bigint, OUT created_at timestamptz, OUT role text, OUT language text,
  OUT words tsvector
) RETURNS SETOF record LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
-- What is not indexed yet, as if it were. One conversation after the other, so that nobody plans to read all messages.
DECLARE
  place record;
BEGIN
  FOR place IN SELECT * FROM arraigo.search_backlog(in_owner, false) LOOP
    RETURN QUERY
    SELECT place.conversation_id, m.sequence_number::bigint, m.created_at, m.role::text, v.language, v.words
      FROM arraigo.messages m, arraigo.search_vector(place.tag, m.content) v
     WHERE m.conversation_id = place.conversation_id AND m.sequence_number > place.indexed AND m.deleted_at IS NULL;
    IF NOT place.titled THEN
      RETURN QUERY
      SELECT place.conversation_id, 0::bigint, place.made, NULL, v.language, setweight(v.words, 'A')
        FROM arraigo.search_vector(place.tag, place.title) v;
    END IF;
  END LOOP;
END
$$;

CREATE FUNCTION arraigo.search_either(in_one tsquery, in_other tsquery) RETURNS tsquery
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN in_one IS NULL THEN in_other WHEN in_other IS NULL THEN in_one ELSE in_one || in_other END;

CREATE FUNCTION arraigo.search_leg(in_language text, in_query text, in_like jsonb) RETURNS tsquery
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp SET client_min_messages = warning AS $$
-- What to look for in texts that were read in this way; NULL when no word is left, or only what shall not be there.
-- With in_like, a list of {"word", "like": [word, …]}: each word, or one of those like it.
DECLARE
  leg tsquery;
  word tsquery;
  item jsonb;
  other text;
BEGIN
  IF in_language = 'any' THEN
    RETURN arraigo.search_either(arraigo.search_leg('es', in_query, in_like), arraigo.search_either(
             arraigo.search_leg('en', in_query, in_like), arraigo.search_leg('pt', in_query, in_like)));
  ELSIF in_like IS NULL THEN
    leg := websearch_to_tsquery(arraigo.search_config(in_language), arraigo.search_spelled(in_language, in_query));
    RETURN CASE WHEN numnode(leg) > 0 AND querytree(leg) <> 'T' THEN leg END;
  END IF;
  FOR item IN SELECT jsonb_array_elements(in_like) LOOP
    word := arraigo.search_leg(in_language, item ->> 'word', NULL);
    CONTINUE WHEN word IS NULL;
    FOR other IN SELECT jsonb_array_elements_text(item -> 'like') LOOP
      word := arraigo.search_either(word, quote_literal(other)::tsquery);
    END LOOP;
    leg := CASE WHEN leg IS NULL THEN word ELSE leg && word END;
  END LOOP;
  RETURN leg;
END
$$;

CREATE FUNCTION arraigo.search_heard(in_query text) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
-- The languages in which a query has words that count.
RETURN ARRAY(SELECT l FROM unnest(ARRAY['es', 'en', 'pt', 'simple']) AS l
              WHERE arraigo.search_leg(l, in_query, NULL) IS NOT NULL);

CREATE FUNCTION arraigo.search_snippet(
  in_language text, in_text text, in_es tsquery, in_en tsquery, in_pt tsquery, in_simple tsquery,
  OUT piece text, OUT marked text, OUT cut_before boolean, OUT cut_behind boolean
) LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
-- The part of a text where the hit is, and the same part without accents, with the hit between \x02 and \x03.
DECLARE
  most constant int := 100000;  -- characters that are looked through
  body text := left(arraigo.search_composed(in_text), most);
  plain text := translate(arraigo.search_plain(body), E'\x02\x03', '  ');
  chosen text := in_language;
  spelled text;
  place int;
BEGIN
  IF in_language = 'any' THEN
    chosen := CASE WHEN to_tsvector('spanish', arraigo.search_spelled('es', plain)) @@ in_es THEN 'es'
                   WHEN to_tsvector('english', plain) @@ in_en THEN 'en' ELSE 'pt' END;
  END IF;
  spelled := arraigo.search_spelled(chosen, plain);
  marked := coalesce(
    ts_headline(arraigo.search_config(chosen), spelled,
                CASE chosen WHEN 'es' THEN in_es WHEN 'en' THEN in_en WHEN 'pt' THEN in_pt ELSE in_simple END,
                E'StartSel=\x02, StopSel=\x03, MaxWords=40, MinWords=20, ShortWord=0'), left(spelled, 200));
  place := strpos(spelled, translate(marked, E'\x02\x03', ''));
  piece := substr(body, place, length(translate(marked, E'\x02\x03', '')));
  cut_before := place > 1;
  cut_behind := place + length(piece) <= length(body) OR length(body) = most;
END
$$;

CREATE FUNCTION arraigo.search(
  in_query text, in_like jsonb, in_conversation uuid, in_kind text, in_role text, in_from timestamptz,
  in_to timestamptz, in_rank real, in_time timestamptz, in_talk uuid, in_number bigint, in_limit int
) RETURNS TABLE (
  conversation_id uuid, title text, external_id text, kind text, sequence_number bigint, message_id uuid, role text,
  created_at timestamptz, rank real, piece text, marked text, cut_before boolean, cut_behind boolean
) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
-- The caller's hits, the best first, behind the hit of in_rank to in_number. The query comes without accents, with
-- nothing in it but words, quotes, minus and or. It runs past row-level security, under which no index could be used:
-- whose it is stands in both parts, and comes from the transaction's identity, never from a parameter.
DECLARE
  me uuid := nullif(current_setting('arraigo.user_id', true), '')::uuid;
  legs tsquery[];
  keys tsquery;
  conditions text := '';
BEGIN
  legs := ARRAY(SELECT arraigo.search_leg(l, in_query, in_like)
                  FROM unnest(ARRAY['es', 'en', 'pt', 'simple', 'any']) WITH ORDINALITY AS u (l, n) ORDER BY n);
  FOR n IN 1 .. 5 LOOP
    keys := arraigo.search_either(keys, regexp_replace(legs[n]::text, '''([^'']+)''',
              '''' || arraigo.search_mark(me, (ARRAY['es', 'en', 'pt', 'simple', 'any'])[n]) || '\1''', 'g')::tsquery);
  END LOOP;
  IF me IS NULL OR keys IS NULL THEN
    RETURN;
  END IF;
  conditions := concat(
    CASE WHEN in_conversation IS NOT NULL THEN ' AND x.conversation_id = $4' END,
    CASE WHEN in_role IS NOT NULL THEN ' AND x.role = $5' END,
    CASE WHEN in_from IS NOT NULL THEN ' AND x.created_at >= $6' END,
    CASE WHEN in_to IS NOT NULL THEN ' AND x.created_at < $7' END,
    CASE WHEN in_kind IS NOT NULL THEN ' AND x.conversation_id IN (SELECT c.id FROM arraigo.conversations c
                                          WHERE c.owner_id = $1 AND c.kind = $8)' END);
  -- Planned for what is asked: what is not is not in it.
  RETURN QUERY EXECUTE '
    WITH found AS (
      SELECT x.conversation_id, x.sequence_number, x.created_at, x.language, x.words FROM arraigo.message_search x
       WHERE x.owner_id = $1 AND arraigo.search_keys(x.owner_id, x.language, x.words) @@ $2' || conditions || '
' || CASE WHEN EXISTS (SELECT FROM arraigo.search_backlog(me, false)) THEN '
      UNION ALL
      SELECT x.conversation_id, x.sequence_number, x.created_at, x.language, x.words FROM arraigo.search_tail($1) x
       WHERE arraigo.search_keys($1, x.language, x.words) @@ $2' || conditions ELSE '' END || '
    ), ranked AS (
      SELECT f.conversation_id, f.sequence_number, f.created_at, f.language,
             ts_rank(f.words, CASE f.language WHEN ''es'' THEN $3[1] WHEN ''en'' THEN $3[2] WHEN ''pt'' THEN $3[3]
                                              WHEN ''simple'' THEN $3[4] ELSE $3[5] END, 1) AS rank
        FROM found f
    ), page AS (
      SELECT * FROM ranked r' || CASE WHEN in_rank IS NOT NULL THEN '
       WHERE r.rank < $9 OR r.rank = $9
         AND (r.created_at < $10 OR r.created_at = $10
              AND (r.conversation_id, r.sequence_number) > ($11, $12))' ELSE '' END || '
       ORDER BY r.rank DESC, r.created_at DESC, r.conversation_id, r.sequence_number LIMIT $13
    )
    SELECT p.conversation_id, c.title::text, c.external_id::text, c.kind::text, nullif(p.sequence_number, 0), m.id,
           m.role::text, p.created_at, p.rank, s.piece, s.marked, s.cut_before, s.cut_behind
      FROM page p
      JOIN arraigo.conversations c ON c.id = p.conversation_id
      LEFT JOIN arraigo.messages m ON m.conversation_id = p.conversation_id AND m.sequence_number = p.sequence_number
      CROSS JOIN LATERAL arraigo.search_snippet(p.language, coalesce(m.content, c.title), $3[1], $3[2], $3[3], $3[4]) s
     ORDER BY p.rank DESC, p.created_at DESC, p.conversation_id, p.sequence_number'
  USING me, keys, legs, in_conversation, in_role, in_from, in_to, in_kind, in_rank, in_time, in_talk, in_number, in_limit;
END
$$;

CREATE FUNCTION arraigo.search_slip(in_one text, in_other text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
-- Whether one slip makes one word of the other: a letter too many, too few, another one, or two that have changed places.
DECLARE
  shorter int := least(length(in_one), length(in_other));
  same int := 0;  -- letters at the beginning
  ending int := 0;
  one text;
  other text;
BEGIN
  WHILE same < shorter AND substr(in_one, same + 1, 1) = substr(in_other, same + 1, 1) LOOP
    same := same + 1;
  END LOOP;
  WHILE ending < shorter - same
    AND substr(in_one, length(in_one) - ending, 1) = substr(in_other, length(in_other) - ending, 1) LOOP
    ending := ending + 1;
  END LOOP;
  one := substr(in_one, same + 1, length(in_one) - same - ending);
  other := substr(in_other, same + 1, length(in_other) - same - ending);
  RETURN greatest(length(one), length(other)) < 2 OR length(one) = 2 AND one = reverse(other);
END
$$;

CREATE FUNCTION arraigo.search_like(in_word text) RETURNS text[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
-- The words in the caller's messages that are spelled nearly as this one, or have it in them; the likest first. Looked
-- for where five letters in a row are the same, in a hundred messages for each five.
DECLARE
  me uuid := nullif(current_setting('arraigo.user_id', true), '')::uuid;
BEGIN
  RETURN ARRAY(
    WITH variant AS MATERIALIZED (
      SELECT DISTINCT word FROM unnest(ARRAY['es', 'en', 'pt', 'simple']) AS l,
             unnest(tsvector_to_array(to_tsvector(arraigo.search_config(l), arraigo.search_spelled(l, in_word)))) AS word
    ), part AS MATERIALIZED (
      SELECT DISTINCT substr('<' || word || '>', n, size) AS part
        FROM variant, LATERAL (SELECT CASE WHEN length(word) < 8 THEN 4 ELSE 5 END AS size) AS s,
             generate_series(1, greatest(length(word) + 3 - size, 1)) AS n
      UNION
      SELECT in_word WHERE length(in_word) >= 3
    ), seen AS MATERIALIZED (
      SELECT p.part, r.words
        FROM part p, LATERAL (
          SELECT s.words FROM arraigo.message_search s
           WHERE s.owner_id = me
             AND arraigo.search_grams(s.owner_id, s.words)
                 @> ARRAY(SELECT right(me::text, 8) || substr(p.part, n, 3)
                            FROM generate_series(1, length(p.part) - 2) AS n)
           LIMIT 100) AS r
      UNION ALL
      SELECT p.part, t.words FROM arraigo.search_tail(me) t, part p
    ), word AS (
      SELECT DISTINCT w AS word FROM seen, unnest(tsvector_to_array(seen.words)) AS w
       WHERE strpos('<' || w || '>', seen.part) > 0
    ), likeness AS (
      SELECT w.word, max(CASE WHEN strpos(w.word, in_word) > 0 THEN 1
                              WHEN length(v.word) > 3 AND arraigo.search_slip(w.word, v.word) THEN 0.9 ELSE
               (SELECT count(*) FROM unnest(arraigo.search_trigrams(v.word)) AS g
                 WHERE g = ANY (arraigo.search_trigrams(w.word)))::float
               / (SELECT count(*) FROM (SELECT unnest(arraigo.search_trigrams(v.word))
                                        UNION SELECT unnest(arraigo.search_trigrams(w.word))) AS both_of_them)
             END) AS likeness
        FROM word w JOIN variant v ON abs(length(w.word) - length(v.word)) <= 2 OR strpos(w.word, in_word) > 0
       GROUP BY w.word
    )
    SELECT l.word FROM likeness l
     WHERE l.likeness >= greatest(0.3, 0.7 * (SELECT max(likeness) FROM likeness))
     ORDER BY l.likeness DESC, l.word LIMIT 8);
END
$$;

REVOKE ALL ON FUNCTION arraigo.search_composed, arraigo.search_plain, arraigo.search_spelled, arraigo.search_config,
  arraigo.search_language_of, arraigo.search_vector, arraigo.search_mark, arraigo.search_keys,
  arraigo.search_trigrams, arraigo.search_grams, arraigo.search_either, arraigo.search_backlog, arraigo.search_index,
  arraigo.search_owners_behind, arraigo.search_changed, arraigo.search_gone, arraigo.search_made, arraigo.search_look,
  arraigo.search_renamed, arraigo.search_tail, arraigo.search_leg, arraigo.search_heard, arraigo.search_snippet,
  arraigo.search_slip, arraigo.search, arraigo.search_like FROM PUBLIC;
GRANT EXECUTE ON FUNCTION arraigo.search_index, arraigo.search_look, arraigo.search_owners_behind, arraigo.search_heard, arraigo.search,
  arraigo.search_like TO arraigo_app;
GRANT SELECT ON arraigo.message_search, arraigo.search_progress, arraigo.search_owners TO arraigo_app;

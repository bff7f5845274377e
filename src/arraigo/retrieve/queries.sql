-- What finds is in functions of the database (schema version 0008): under row-level security no index could be used.

-- name: index
SELECT arraigo.search_index(:thorough, :least, :limit)

-- name: owners_behind
SELECT arraigo.search_owners_behind(:thorough, :after, :limit)

-- name: heard
-- In which languages the query has words that count.
SELECT unnest(arraigo.search_heard(:query))

-- name: search
SELECT conversation_id, title, external_id, kind, sequence_number, message_id, role, created_at, rank,
       piece, marked, cut_before, cut_behind
  FROM arraigo.search(:query, :like, :conversation, :kind, :role, :since, :until,
                      :rank, :time, :talk, :number, :limit)

-- name: like
SELECT word, arraigo.search_like(word) FROM unnest(:words::text[]) WITH ORDINALITY AS u (word, place) ORDER BY place

-- name: around
-- The beginnings of the messages beside each hit.
SELECT h.place, m.sequence_number, m.role, m.created_at, left(m.content, 500)
  FROM unnest(:conversations::uuid[], :numbers::bigint[]) WITH ORDINALITY AS h (conversation, number, place)
  JOIN arraigo.messages m ON m.conversation_id = h.conversation AND m.owner_id = :owner
       AND m.sequence_number BETWEEN h.number - :reach AND h.number + :reach AND m.sequence_number <> h.number
 WHERE m.deleted_at IS NULL
 ORDER BY h.place, m.sequence_number

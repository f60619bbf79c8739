-- Up Migration

-- A look that found nothing newer leaves no pull of its own: it is noted at the last one.
alter table feed_pulls add column looked_at timestamptz;

-- Up Migration

-- When an agent whose invitation came back is invited once more by itself: that one mail failed, and the address is
-- good. Null: only another address or another request brings the next one.
alter table invitations add column retry_at timestamptz;

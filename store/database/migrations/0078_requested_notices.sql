-- Up Migration
-- An invitation that its agent asked for does not wait among those that a feed caused.
alter table notices add column is_requested boolean not null default false;
comment on column notices.is_requested is 'Its recipient asked for this one, so it is not bulk, whatever its kind is.';

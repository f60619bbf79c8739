-- Up Migration

-- The columns of a file that its feed does not have: their names alone, for whoever has to ask its sender.
alter table feed_imports add column additional_columns text[] not null default '{}';

-- The public list was refused by its header as long as we held it to the letter. A release that was refused is not pulled
-- again, so that the next look would pass it by.
update feed_pulls set ended_as = 'replaced' where ended_as = 'refused' and code = 'feed-header-differs';

-- Up Migration

-- Names of lines of authority are mapped with «and», whichever of «and» and «&» a license has. A mapping that ops gave with
-- the sign says the same under the word, unless they gave that one too.
insert into lines_of_authority (state, name, health, set_at, set_by)
select state, replace(replace(name, ' & ', ' and '), ', and ', ' and '), health, set_at, set_by
  from lines_of_authority
 where name like '% & %' or name like '%, and %'
 order by set_at desc nulls last
on conflict do nothing;
delete from lines_of_authority where name like '% & %' or name like '%, and %';

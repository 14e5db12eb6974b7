insert into data.migration (name, sha256) values ($1::text, $2::text);

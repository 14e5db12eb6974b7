select sha256 from data.migration where name = $1::text;

select set_config('convene.rooms', $1::text, true);

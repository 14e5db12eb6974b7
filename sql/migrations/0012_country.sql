-- Which region of the World Bank a country is in, and its income group, as they
-- stand from 1 July 2025 to 30 June 2026; a later year's is a later migration.

create table data.country (
	code text primary key check (code ~ '^[A-Z]{2}$'),
	region text not null check (region in ('EAS', 'ECS', 'LCN', 'MEA', 'NAC', 'SAS', 'SSF')),
	income text check (income in ('low', 'lower_middle', 'upper_middle', 'high'))
);
comment on table data.country is 'Facts about countries that seats are set aside by; one that is not here is in no region';
comment on column data.country.code is 'ISO 3166 alpha-2; XK is Kosovo';
comment on column data.country.region is 'World Bank: East Asia and Pacific, Europe and Central Asia, Latin America and Caribbean, Middle East with North Africa, Afghanistan and Pakistan, North America, South Asia, Sub-Saharan Africa';
comment on column data.country.income is 'By national income a head; null: not classified';

insert into data.country (code, region, income)
select c.code, g.region, g.income
from (values
    ('EAS', 'high',
        'AS AU BN GU HK JP KR MO MP NC NR NZ PF PW SG TW'),
    ('EAS', 'low',
        'KP'),
    ('EAS', 'lower_middle',
        'FM KH KI LA MM PG PH SB TL VN VU'),
    ('EAS', 'upper_middle',
        'CN FJ ID MH MN MY TH TO TV WS'),
    ('ECS', 'high',
        'AD AT BE BG CH CY CZ DE DK EE ES FI FO FR GB GI GL GR HR HU
        IE IM IS IT LI LT LU LV MC NL NO PL PT RO RU SE SI SK SM'),
    ('ECS', 'lower_middle',
        'KG TJ UZ'),
    ('ECS', 'upper_middle',
        'AL AM AZ BA BY GE KZ MD ME MK RS TM TR UA XK'),
    ('LCN', null,
        'VE'),
    ('LCN', 'high',
        'AG AW BB BS CL CR CW GY KN KY MF PA PR SX TC TT UY VG VI'),
    ('LCN', 'lower_middle',
        'BO HN HT NI'),
    ('LCN', 'upper_middle',
        'AR BR BZ CO CU DM DO EC GD GT JM LC MX PE PY SR SV VC'),
    ('MEA', 'high',
        'AE BH IL KW MT OM QA SA'),
    ('MEA', 'low',
        'AF SY YE'),
    ('MEA', 'lower_middle',
        'DJ EG JO LB MA PK PS TN'),
    ('MEA', 'upper_middle',
        'DZ IQ IR LY'),
    ('NAC', 'high',
        'BM CA US'),
    ('SAS', 'lower_middle',
        'BD BT IN LK NP'),
    ('SAS', 'upper_middle',
        'MV'),
    ('SSF', null,
        'ET'),
    ('SSF', 'high',
        'SC'),
    ('SSF', 'low',
        'BF BI CD CF ER GM GW LR MG ML MW MZ NE RW SD SL SO SS TD TG
        UG'),
    ('SSF', 'lower_middle',
        'AO BJ CG CI CM GH GN KE KM LS MR NA NG SN ST SZ TZ ZM ZW'),
    ('SSF', 'upper_middle',
        'BW CV GA GQ MU ZA')) g (region, income, codes),
regexp_split_to_table(g.codes, '\s+') c (code);

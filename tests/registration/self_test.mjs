// What people do for themselves and for others on a phone, in English and in
// Arabic: register in under a minute without an account, register a group, give
// a seat to a colleague, come by an invitation, and find all of it on one page.
import { end, same, tell, Visitor } from '../support/visitor.mjs';
import { boss, event, program, register, run, sql, uuid } from '../support/event.mjs';
import { mail } from '../support/mail.mjs';
import { at, go, good, launch, phone, press, signIn, words, wrong } from '../support/phone.mjs';

const admin = await boss();
const programs = await program(admin);
const who = (name, lang) => `${name}-${lang}-${run}@self.example`;
const browser = await launch();
const state = (eventId, email) => sql(`select r.state from data.registration r join data.person p on p.id = r.person_id
  where r.event_id = ${eventId} and p.email = '${email}' order by r.id desc limit 1`)[0]?.[0];

const quick = async (page, lang, id) => {
  let trips = 0;
  page.on('request', (r) => { trips += r.isNavigationRequest(); });
  await go(page, `/events/${id}`);
  await press(page, `a[href="/events/${id}/register"]`);
  const fields = await page.locator('main form.form :is(input, select, textarea):not([type=hidden])').count();
  const needed = await page.locator('main form.form :is(input, select, textarea)[required]:not([type=hidden])').count();
  await page.fill('#f-email', who('quick', lang));
  await page.fill('#f-name', 'Quick');
  await press(page, 'main form.form button[type=submit]');
  same(at(page), `/events/${id}/registered`, `${lang}: a stranger registers without an account`);
  tell(trips <= 4 && needed === 2, `${lang}: with ${needed} fields of ${fields} and ${trips} pages`, `${trips} ${needed}`);
  tell((await mail(who('quick', lang))).link('/r/[\\w-]{43}'), `${lang}: and has a mail with a link to it`);
};

const group = async (page, lang, id) => {
  await go(page, `/events/${id}/group`);
  await good(page, 'the form of a group');
  same(await page.inputValue('#f-email-1'), who('lead', lang), `${lang}: the leader is the first of a group`);
  await page.fill('#f-group_name', 'Team');
  await page.fill('#f-name-2', 'Bea');
  await page.fill('#f-email-2', 'nonsense');
  await page.selectOption('#f-country-2', 'KE');
  await page.locator('details.more summary').click();
  await page.fill('#f-list', `Cleo <${who('cleo', lang)}>\n${who('dina', lang)}, Dina`);
  await press(page, 'main form.form button[type=submit]');
  same(await page.locator('#f-email-2-fault').count(), 1, `${lang}: what is wrong is said at its row`);
  same(`${await page.inputValue('#f-name-2')} ${await page.inputValue('#f-country-2')} ${await page.inputValue('#f-email-4')}`,
    `Bea KE ${who('dina', lang)}`, `${lang}: nothing that was typed or pasted is lost`);
  await good(page, 'the form of a group that is refused');
  await page.fill('#f-email-2', who('bea', lang));
  await press(page, 'main form.form button[type=submit]');
  tell(/^\/groups\/\d+$/.test(at(page)), `${lang}: the group is registered`, await words(page));
  await good(page, 'a group');
  same(await page.locator('ul.cards > li').count(), 4, `${lang}: with all of its people`);
  tell((await mail(who('bea', lang))).link('/r/[\\w-]{43}'), `${lang}: each has a mail and a link of their own`);
  same(sql(`select language from data.person where email = '${who('bea', lang)}'`)[0][0], lang, `${lang}: in the leader's language`);
  const here = at(page);
  await press(page, `li:has-text("${who('dina', lang)}") button`);
  same(state(id, who('dina', lang)), 'withdrawn', `${lang}: the leader withdraws one`);
  await page.fill('#f-name-1', 'Ed');
  await page.fill('#f-email-1', who('bea', lang));
  await press(page, 'main form.form button[type=submit]');
  same(await page.locator('#f-email-1-fault').count(), 1, `${lang}: who is there already is refused at the row`);
  await page.fill('#f-email-1', who('ed', lang));
  await press(page, 'main form.form button[type=submit]');
  same(`${at(page)} ${state(id, who('ed', lang))}`, `${here} confirmed`, `${lang}: and adds another`);
};

const handed = async (page, lang, id) => {
  const link = (await mail(who('quick', lang))).link('/r/[\\w-]{43}');
  await go(page, link);
  await press(page, `a[href="${link}/transfer"]`);
  await good(page, 'the form of a transfer');
  await page.fill('#f-name', 'Fay');
  await page.fill('#f-email', who('bea', lang));
  await press(page, 'main form.form button[type=submit]');
  same(await page.locator('#f-email-fault').count(), 1, `${lang}: no seat for who has one`);
  await page.fill('#f-email', who('fay', lang));
  await press(page, 'main form.form button[type=submit]');
  same(state(id, who('fay', lang)), 'confirmed', `${lang}: a colleague has the seat`);
  same((await mail(who('quick', lang), (m) => m.method === 'CANCEL')).method, 'CANCEL', `${lang}: the one before is told, and their calendar`);
  const theirs = (await mail(who('fay', lang))).link('/r/[\\w-]{43}');
  await go(page, theirs);
  same(await page.locator('svg[role=img]').count(), 1, `${lang}: the colleague has a ticket by a link of their own`);
  same((await page.goto(page.url().replace(theirs, link))).status(), 404, `${lang}: and the old link has ended`);
};

const invited = async (page, lang, id) => {
  const desk = await phone(browser, lang);
  await signIn(desk, `boss-${run}@door.example`);
  await go(desk, `/events/${id}/codes`);
  await desk.fill('#f-purpose', 'Press');
  await desk.fill('#f-codes', '2');
  await desk.fill('#f-uses', '5');
  await press(desk, 'main form.form button[type=submit]');
  same(await desk.locator('ul.cards > li').count(), 2, `${lang}: an organizer makes codes`);
  await good(desk, 'codes');
  await press(desk, 'ul.cards > li form button');
  same(sql(`select count(*) from data.access_code where event_id = ${id} and revoked is not null`)[0][0], '1', `${lang}: and revokes one`);
  await go(desk, `/events/${id}/invitations`);
  await desk.fill('#f-list', `Lead <${who('lead', lang)}>\nnobody at all`);
  await press(desk, 'main form.form button[type=submit]');
  same(await desk.locator('#f-list-fault').count(), 1, `${lang}: a line without an address is named`);
  await desk.fill('#f-list', `Lead <${who('lead', lang)}>\n${who('gil', lang)}`);
  await press(desk, 'main form.form button[type=submit]');
  same(await desk.locator('ul.cards > li').count(), 2, `${lang}: addresses are invited`);
  await good(desk, 'invitations');
  await desk.context().close();

  await go(page, '/my');
  tell((await page.locator(`a[href^="/events/${id}/register?code="]`).count()) === 1, `${lang}: an invitation waits on one's own page`);
  await good(page, 'my page');
  const link = (await mail(who('gil', lang))).link(`/events/${id}/register\\?code=\\w+`);
  tell(link, `${lang}: and a mail has the link`);
  const other = await phone(browser, lang);
  await go(other, link);
  await good(other, 'the form of who is invited');
  await other.fill('#f-email', who('hal', lang));
  await other.fill('#f-name', 'Hal');
  await press(other, 'main form.form button[type=submit]');
  same(await other.locator('#f-code-fault').count(), 1, `${lang}: it works for its address alone`);
  await other.fill('#f-email', who('gil', lang));
  await press(other, 'main form.form button[type=submit]');
  same(state(id, who('gil', lang)), 'confirmed', `${lang}: for which it does`);
  await go(other, `/events/${id}/register`);
  await other.fill('#f-email', who('hal', lang));
  await other.fill('#f-name', 'Hal');
  await press(other, 'main form.form button[type=submit]');
  same(`${await other.locator('#f-code-fault').count()} ${state(id, who('hal', lang))}`, '1 undefined', `${lang}: without a code nobody registers`);
  await other.context().close();
};

const offered = async (page, lang) => {
  const id = await event(admin, programs, { seats: 1 });
  sql(`update data.pool set promotion = 'offer' where event_id = ${id}`);
  const first = register(id, 'First', { email: who('first', lang) });
  register(id, 'Lea', { email: who('lead', lang) });
  sql(`select registration.leave(${first.id}, 'withdrawn', 'registration.withdrawn')`);
  await go(page, '/my');
  await good(page, 'an offer on my page');
  await press(page, 'form[action$="/accept"] button');
  same(state(id, who('lead', lang)), 'confirmed', `${lang}: an offer stands first on one's own page, and is taken there`);
};

try {
  for (const lang of ['en', 'ar']) {
    const id = await event(admin, programs, { seats: 20 });
    const closed = await event(admin, programs, { seats: 20 });
    sql(`update data.pool set party_most = 6, transfer = true where event_id = ${id}`);
    sql(`update data.pool set code_only = true where event_id = ${closed}`);
    sql(`insert into data.person (email, name, language) values ('${who('lead', lang)}', 'Lea', '${lang}')`);
    const page = await phone(browser, lang);
    await quick(page, lang, id);
    await signIn(page, who('lead', lang));
    await group(page, lang, id);
    await handed(page, lang, id);
    await invited(page, lang, closed);
    await offered(page, lang);
    await page.context().close();
  }
  const stranger = await Visitor.nobody();
  const id = sql('select max(id) from data.party')[0][0];
  same((await stranger.get(`/groups/${id}`)).status, 303, 'who has not signed in sees no group');
  same((await admin.get(`/groups/${id}`)).status, 404, 'nor does anyone but its leader');
  const open = sql('select event_id from data.party order by id desc limit 1')[0][0];
  const key = uuid();
  const asked = { key, people: [{ name: 'Ann', email: who('ann', 'en') }, { name: 'Bob', email: who('bob', 'en'), country: 'KE' }] };
  const made = await admin.json(`/events/${open}/group`, asked);
  same(made.status, 200, 'a program registers a group');
  same((await admin.json(`/events/${open}/group`, asked)).value.party, made.value.party, 'and once, however often it asks with one key');
  const refused = await admin.json(`/events/${open}/group`, { key: uuid(), people: [{ name: 'Cid', email: who('cid', 'en') }, { name: 'Ann', email: who('ann', 'en') }] });
  same(`${refused.status} ${refused.value.errors?.[0]?.field ?? JSON.stringify(refused.value)}`, '422 email-2', 'it is told whose row is refused');
  const crowd = Array.from({ length: 60 }, (_, i) => [[`name-${i + 1}`, `Person ${i}`], [`email-${i + 1}`, who(`crowd${i}`, 'en')]]).flat();
  const crowded = await admin.send(`/events/${open}/group`, { key: uuid(), ...Object.fromEntries(crowd) });
  const rows = crowded.text.match(/ name="email-/g) ?? [];
  same(`${crowded.status} ${rows.length} ${crowded.text.includes('At most 50 at once')}`, '422 51 true', 'of too many people no more rows are shown than a group has');
  tell(wrong.length === 0, 'nothing went wrong in any browser', wrong.join('\n'));
} catch (e) {
  tell(false, 'the journey comes to its end', e.stack);
} finally {
  await browser.close();
}
end();

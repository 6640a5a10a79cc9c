'use strict';

// One radio for one person. The server holds the sitting; here is only what is on the screen.
const planned = 9;                 // the track that plays, and eight to come
const state = { session: null, current: null, queue: [], since: 0, seed: null, liked: false, sounds: false };
const element = id => document.getElementById(id);
const audio = element('audio');
const buttons = ['like', 'dislike', 'skip', 'played', 'start'].map(element);

async function call(method, path, body) {
  const response = await fetch(path, {
    method,
    headers: body === undefined ? {} : { 'Content-Type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const answer = await response.json();
  if (!response.ok) {
    throw Object.assign(new Error(answer.detail ?? answer.title), { status: response.status });
  }
  return answer;
}

function showError(text, isNotice = false) {
  element('error').textContent = text;
  element('error').classList.toggle('notice', isNotice);
  element('error').hidden = text === '';
}

function showFault(fault) {
  const unreachable = fault instanceof TypeError;
  showError(unreachable ? 'The server does not answer. Is it still running?' : fault.message, fault.status === 503);
}

// Pieces of work follow one another: a track may end while a vote is still under way.
let latest = Promise.resolve();
function attempt(work) {
  latest = latest.then(() => run(work));
}

// Runs one piece of work with the buttons held, and tells the person when it fails.
async function run(work) {
  const focused = document.activeElement;
  buttons.forEach(button => { button.disabled = true; });
  try {
    await work();
    showError('');
  } catch (fault) {
    showFault(fault);
  } finally {
    buttons.forEach(button => { button.disabled = false; });
    focused?.focus({ preventScroll: true });   // a button that was disabled has lost it
  }
}

function make(tag, className, ...content) {
  const made = document.createElement(tag);
  made.className = className;
  made.append(...content);
  return made;
}

const minutes = seconds => seconds === null ? '' : `${Math.floor(seconds / 60)}:${String(Math.round(seconds % 60)).padStart(2, '0')}`;
const percent = share => `${Math.round(share * 100)} %`;
const why = track => `${track.reason.text[0].toUpperCase()}${track.reason.text.slice(1)}`;
const plural = (count, word) => `${count.toLocaleString()} ${word}${count === 1 ? '' : 's'}`;

function name(track) {
  return make('div', 'name', make('b', '', track.title), make('span', '', ` · ${track.artist.name}${track.genre ? ` · ${track.genre}` : ''}`));
}

function showNow() {
  const track = state.current;
  element('now-title').textContent = track ? track.title : 'Nothing is left to play';
  element('now-artist').textContent = track ? [track.artist.name, track.genre].filter(Boolean).join(' · ') : '';
  element('now-reason').textContent = track ? `${why(track)}.` : '';
  element('length').textContent = track ? minutes(track.lengthSeconds) : '';
  element('progress').value = 0;
  element('like').setAttribute('aria-pressed', String(state.liked));
}

function queueEntry(track, fresh) {
  const chips = make('div', 'why', make('span', 'chip', track.source), why(track), ` · ${percent(track.reason.share)} of its score`);
  if (fresh) {
    chips.prepend(make('span', 'chip new', 'new'));
  }
  return make('li', fresh ? 'fresh' : '', name(track), make('span', 'score', track.score.toFixed(2)), chips);
}

function showDrift(id, genres, className) {
  const chips = genres.map(genre => make('span', `chip ${className}`, genre));
  element(id).replaceChildren(...(chips.length > 0 ? chips : ['nothing yet']));
}

// Puts a plan on the screen; what was not planned before stands out.
function showPlan(plan, happened) {
  const known = new Set(state.queue.map(track => track.id));
  const first = happened === null;
  state.queue = plan.tracks.filter(track => track.id !== state.current?.id);
  const fresh = track => !first && !known.has(track.id);
  element('queue').replaceChildren(...state.queue.map(track => queueEntry(track, fresh(track))));
  element('change').textContent = first ? '' : `${happened} ${plural(state.queue.filter(fresh).length, 'new track')} in the queue.`;
  showDrift('toward', plan.toward, 'toward');
  showDrift('away', plan.awayFrom, 'away');
}

// Takes the first track of a plan out, to play it.
function playFirst(plan) {
  state.current = plan.tracks[0] ?? null;
  state.liked = false;
  state.since = performance.now();
  showNow();
  playSound(state.current);
}

// A track that has sound plays. Until that is known, and where it has none, the person says what they would do with it.
function playSound(track) {
  showSound(false);
  if (track === null) {
    audio.removeAttribute('src');
    audio.load();
    return;
  }
  audio.src = `/v1/tracks/${encodeURIComponent(track.id)}/audio`;
  audio.play().catch(() => {});   // a browser that wants a click first leaves it to the button; a track without sound is told as an error
}

function showSound(sounds) {
  state.sounds = sounds;
  element('pause').hidden = !sounds;
  element('played').hidden = sounds;
  element('silent').hidden = sounds;
}

function showPause() {
  element('pause').textContent = audio.paused ? 'Play' : 'Pause';
}

function showProgress() {
  if (state.sounds && audio.duration > 0) {
    element('progress').value = audio.currentTime / audio.duration;
    element('length').textContent = `${minutes(Math.floor(audio.currentTime))} / ${minutes(audio.duration)}`;
  }
}

// What was played of the sound, without pauses.
function playedSeconds() {
  let seconds = 0;
  for (let range = 0; range < audio.played.length; range++) {
    seconds += audio.played.end(range) - audio.played.start(range);
  }
  return seconds;
}

// Only the end of what plays: by the time its turn comes, another track may be on.
function soundEnded() {
  const track = state.current;
  attempt(async () => {
    if (state.sounds && track !== null && state.current === track) {
      await leave([{ type: 'played', track: track.id, heardSeconds: heardSeconds() }], 'played to the end', true, 1);
    }
  });
}

function remember(track, outcome, kept) {
  element('past-empty').hidden = true;
  element('past').prepend(make('li', '', name(track), make('span', `outcome ${kept ? 'kept' : 'left'}`, outcome)));
  while (element('past').children.length > 12) {
    element('past').lastElementChild.remove();
  }
}

function heardSeconds() {
  const elapsed = state.sounds ? playedSeconds() : (performance.now() - state.since) / 1000;
  return Math.min(elapsed, state.current.lengthSeconds ?? 86400, 86400);
}

async function react(events) {
  return call('POST', `/v1/radio/${state.session}/events?count=${planned}`, { events });
}

// Ends the current track by these events and goes on to the next.
async function leave(events, outcome, kept, share) {
  const track = state.current;
  audio.pause();
  element('progress').value = share;
  const plan = await react(events);
  remember(track, outcome, kept);
  playFirst(plan);
  showPlan(plan, `'${track.title}' ${outcome}.`);
}

function leaveEarly(withVote) {
  const { current: track } = state;
  const heard = heardSeconds();
  const events = [{ type: 'skipped', track: track.id, heardSeconds: heard }];
  if (withVote) {
    events.push({ type: 'voted', track: track.id, vote: -1 });
  }
  const outcome = withVote ? 'disliked' : `skipped after ${Math.max(1, Math.round(heard))} s`;
  return leave(events, outcome, false, heard / (track.lengthSeconds ?? heard + 1));
}

async function like() {
  const vote = state.liked ? 0 : 1;
  const plan = await react([{ type: 'voted', track: state.current.id, vote }]);
  state.liked = vote === 1;
  element('like').setAttribute('aria-pressed', String(state.liked));
  showPlan(plan, `'${state.current.title}' ${state.liked ? 'liked' : 'no longer liked'}.`);
}

async function start() {
  const known = element('listener').value;
  const guest = `guest-${[...crypto.getRandomValues(new Uint8Array(6))].map(byte => byte.toString(16).padStart(2, '0')).join('')}`;
  const genre = element('genre').value;
  const plan = await call('POST', '/v1/radio', {
    listener: known || guest,
    newListener: known === '',
    seeds: { tracks: state.seed ? [state.seed.id] : [], genres: genre ? [genre] : [] },
    count: planned,
  });
  state.session = plan.session;
  state.queue = [];
  element('past').replaceChildren();
  element('past-empty').hidden = false;
  element('radio').hidden = false;
  element('intro').hidden = true;
  element('start').textContent = 'Start again';
  playFirst(plan);
  showPlan(plan, null);
  element('radio').scrollIntoView({ block: 'nearest' });
}

function choose(track) {
  state.seed = track;
  element('seed').hidden = track === null;
  element('seed-name').textContent = track ? `Begins with '${track.title}' by ${track.artist.name}.` : '';
  element('found').hidden = true;
  element('search').value = '';
}

// Searches a moment after the last key; an answer that came too late is dropped.
let searches = 0;
async function search() {
  const text = element('search').value.trim();
  const number = ++searches;
  await new Promise(resolve => { setTimeout(resolve, 200); });
  if (number !== searches) {
    return;
  }
  try {
    const tracks = text === '' ? [] : (await call('GET', `/v1/tracks?limit=8&query=${encodeURIComponent(text)}`)).tracks;
    if (number === searches) {
      showFound(text, tracks);
    }
  } catch (fault) {
    showFault(fault);
  }
}

function showFound(text, tracks) {
  const choices = tracks.map(track => {
    const choice = make('button', '', `${track.title} · ${track.artist.name}`);
    choice.type = 'button';
    choice.addEventListener('click', () => { choose(track); element('start').focus(); });
    return make('li', '', choice);
  });
  element('found').replaceChildren(...(choices.length > 0 ? choices : [make('li', 'hint', `No title or artist holds '${text}'.`)]));
  element('found').hidden = text === '';
}

async function showLive() {
  try {
    const { simulated } = await call('GET', '/v1/stats');
    element('live').hidden = simulated === null;
    if (simulated !== null) {
      const kept = simulated.keptShare === null ? '' : `, ${percent(simulated.keptShare)} kept`;
      element('live').textContent = `Simulated listeners: ${plural(simulated.sittings, 'sitting')}, ${plural(simulated.tracks, 'track')}${kept}`;
    }
  } catch {
    element('live').hidden = true;   // what a person does tells of a server that is gone
  }
  setTimeout(showLive, 2000);
}

// Fills the choices; while the models are still learned, asks again.
async function load() {
  element('start').disabled = true;
  try {
    await call('GET', '/health/ready');
    const [listeners, genres] = await Promise.all([call('GET', '/v1/listeners?limit=50'), call('GET', '/v1/genres')]);
    element('listener').append(...listeners.listeners.map(id => new Option(id)));
    element('genre').append(...genres.genres.map(genre => new Option(`${genre.name} (${genre.tracks})`, genre.name)));
    element('start').disabled = false;
    showError('');
    showLive();
  } catch (fault) {
    showFault(fault);
    setTimeout(load, 2000);
  }
}

// Nothing plays once the catalogue is used up; then only a new start is of use.
const withTrack = work => () => { if (state.current) { attempt(work); } };
element('setup').addEventListener('submit', event => { event.preventDefault(); attempt(start); });
element('search').addEventListener('input', search);
element('unseed').addEventListener('click', () => choose(null));
element('like').addEventListener('click', withTrack(like));
element('dislike').addEventListener('click', withTrack(() => leaveEarly(true)));
element('skip').addEventListener('click', withTrack(() => leaveEarly(false)));
element('played').addEventListener('click', withTrack(() => leave([{ type: 'played', track: state.current.id }], 'played to the end', true, 1)));
element('pause').addEventListener('click', () => { if (audio.paused) { audio.play().catch(showFault); } else { audio.pause(); } });
audio.addEventListener('loadedmetadata', () => { showSound(true); showPause(); showProgress(); });
audio.addEventListener('error', () => showSound(false));
audio.addEventListener('timeupdate', showProgress);
audio.addEventListener('play', showPause);
audio.addEventListener('pause', showPause);
audio.addEventListener('ended', soundEnded);
load();

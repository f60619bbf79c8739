import { actionsOf } from './actions.js';
import { bad, detailOf, icon, say } from './message-view.js';

const pollMs = 1_500;
const byId = (id) => document.getElementById(id);
const seen = { version: '', messages: [], total: 0, channel: '', chosen: '', shownStatus: '' };

async function poll() {
  try {
    const answer = await fetch(`page/messages?version=${encodeURIComponent(seen.version)}`);
    if (answer.status === 200) {
      Object.assign(seen, await answer.json());
      showList();
      await refreshChosen();
    }
    showFaults(await (await fetch('faults')).json());
    byId('connection').textContent = `${seen.total} ${seen.total === 1 ? 'message' : 'messages'}`;
  } catch {
    byId('connection').textContent = 'The mailbox does not answer. Trying again.';
    // after a restart the same version could mean another list
    seen.version = '';
  }
  setTimeout(() => void poll(), pollMs);
}

function showList() {
  const words = byId('search').value.trim().toLowerCase();
  const shown = seen.messages.filter((message) => {
    const content = `${message.to} ${message.subject ?? ''} ${message.preview}`.toLowerCase();
    return (!seen.channel || message.channel === seen.channel) && content.includes(words);
  });
  const list = byId('messages');
  const focused = list.contains(document.activeElement) ? document.activeElement.dataset.id : undefined;
  list.replaceChildren(...shown.map(listItemOf));
  if (focused) list.querySelector(`[data-id="${focused}"]`)?.focus();
  byId('empty').hidden = shown.length > 0;
  byId('empty').textContent = seen.messages.length > 0 ? 'Nothing matches.' : 'Nothing has been sent yet.';
}

function listItemOf(message) {
  const button = say('button', '', { type: 'button' });
  button.dataset.id = message.id;
  if (message.id === seen.chosen) button.setAttribute('aria-current', 'true');
  button.append(icon(message.channel));
  button.append(say('span', message.channel === 'push' ? 'A browser' : message.to, { className: 'to' }));
  const at = new Date(message.at);
  const isToday = at.toDateString() === new Date().toDateString();
  button.append(
    say('time', isToday ? at.toLocaleTimeString() : at.toLocaleString(), { dateTime: message.at }),
  );
  if (message.subject) button.append(say('span', message.subject, { className: 'subject' }));
  button.append(say('span', message.preview, { className: 'preview' }));
  if (bad.includes(message.status)) button.append(say('span', message.status, { className: 'bad' }));
  button.addEventListener('click', () => choose(message.id));
  const item = document.createElement('li');
  item.append(button);
  return item;
}

async function choose(id) {
  seen.chosen = id;
  for (const button of byId('messages').querySelectorAll('button')) {
    if (button.dataset.id === id) button.setAttribute('aria-current', 'true');
    else button.removeAttribute('aria-current');
  }
  seen.shownStatus = '';
  await refreshChosen();
}

/** Renders the chosen message again only when its statuses have changed, so that the frame does not flicker. */
async function refreshChosen() {
  const { chosen } = seen;
  if (!chosen) return;
  const answer = await fetch(`messages/${encodeURIComponent(chosen)}`);
  if (chosen !== seen.chosen) return;
  if (!answer.ok) {
    seen.chosen = '';
    byId('detail').replaceChildren(say('p', 'This message is gone.', { className: 'hint' }));
    return;
  }
  const message = await answer.json();
  const status = JSON.stringify([message.id, message.statuses]);
  if (status === seen.shownStatus) return;
  const before = JSON.parse(seen.shownStatus || '[]')[0];
  seen.shownStatus = status;
  const detail = detailOf(message);
  if (before === message.id)
    byId('detail').querySelector('.steps').replaceWith(detail.querySelector('.steps'));
  else byId('detail').replaceChildren(...detail.childNodes, actionsOf(message));
}

function showFaults(faults) {
  byId('faults').hidden = faults.length === 0;
  byId('faults-text').textContent = `Active faults: ${faults.map(faultInWords).join('; ')}`;
}

function faultInWords({ channel, kind, to, code, delayMs, times }) {
  const parts = [`${channel} ${kind}`, code && `code ${code}`, delayMs && `after ${delayMs} ms`];
  parts.push(to && `for ${to}`, times && `${times} more`);
  return parts.filter(Boolean).join(', ');
}

byId('search').addEventListener('input', showList);
byId('clear-faults').addEventListener('click', () => {
  void fetch('faults', { method: 'DELETE' }).then(() => showFaults([]));
});
for (const button of byId('channels').children) {
  button.addEventListener('click', () => {
    seen.channel = button.dataset.channel;
    for (const other of byId('channels').children)
      other.setAttribute('aria-pressed', String(other === button));
    showList();
  });
}
await poll();

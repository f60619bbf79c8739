const shapes = {
  email: 'M2 4h16v12H2zM2 5l8 6 8-6',
  text: 'M3 3h14v10H9l-4 4v-4H3z',
  push: 'M10 2a5 5 0 0 1 5 5v4l2 3H3l2-3V7a5 5 0 0 1 5-5M8 16a2 2 0 0 0 4 0',
  voice: 'M4 3h4l1.5 4L7 9a9 9 0 0 0 4 4l2-2.5 4 1.5v4a1 1 0 0 1-1 1A13 13 0 0 1 3 4a1 1 0 0 1 1-1z',
};
const names = { email: 'Email', text: 'Text', push: 'Push', voice: 'Call' };
const good = ['delivered', 'completed'];
export const bad = ['bounced', 'complained', 'undelivered', 'failed', 'no-answer', 'busy'];

/** Creates an element with text, never markup, because the content of messages is not trusted. */
export function say(tag, text, properties = {}) {
  return Object.assign(document.createElement(tag), { textContent: text, ...properties });
}

export function icon(channel) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const attributes = {
    viewBox: '0 0 20 20',
    width: 20,
    height: 20,
    role: 'img',
    'aria-label': names[channel],
  };
  for (const [name, value] of Object.entries(attributes)) svg.setAttribute(name, value);
  const path = document.createElementNS(svg.namespaceURI, 'path');
  const drawn = {
    d: shapes[channel],
    fill: 'none',
    stroke: 'currentColor',
    'stroke-width': 1.6,
    'stroke-linejoin': 'round',
  };
  for (const [name, value] of Object.entries(drawn)) path.setAttribute(name, value);
  svg.append(path);
  return svg;
}

/** Renders one message with all its details. */
export function detailOf(message) {
  const detail = document.createElement('div');
  detail.append(say('h2', message.subject ?? names[message.channel]), factsOf(message));
  if (message.channel === 'email') detail.append(...mailOf(message));
  else if (['text', 'voice'].includes(message.channel)) detail.append(linked(message.text, 'bubble'));
  else detail.append(...pushOf(message));
  return detail;
}

function factsOf(message) {
  const facts = document.createElement('dl');
  const add = (name, content) => {
    if (!content) return;
    const value = document.createElement('dd');
    value.append(content);
    facts.append(say('dt', name), value);
  };
  add('To', message.to);
  add('From', message.from);
  add('Sent', new Date(message.at).toLocaleString());
  add('Status', stepsOf(message.statuses));
  return facts;
}

function stepsOf(statuses) {
  const steps = say('ol', '', { className: 'steps' });
  for (const { status, at, code, told } of statuses) {
    const step = document.createElement('li');
    const tone = good.includes(status) ? 'good' : bad.includes(status) ? 'bad' : '';
    step.append(say('span', code ? `${status} (${code})` : status, { className: tone }));
    const answer = told ? `, callback: ${told}` : '';
    step.append(say('span', ` ${new Date(at).toLocaleTimeString()}${answer}`, { className: 'meta' }));
    steps.append(step);
  }
  return steps;
}

function mailOf(message) {
  const plain = linked(message.text, 'plain');
  if (!message.html) return [plain];
  const frame = document.createElement('iframe');
  frame.title = `Mail: ${message.subject ?? ''}`;
  frame.setAttribute('sandbox', 'allow-popups allow-popups-to-escape-sandbox');
  frame.referrerPolicy = 'no-referrer';
  frame.src = `messages/${encodeURIComponent(message.id)}/html`;
  plain.hidden = true;

  const asMail = say('button', 'As mail', { type: 'button' });
  const asText = say('button', 'Plain text', { type: 'button' });
  const show = (isMail) => {
    frame.hidden = !isMail;
    plain.hidden = isMail;
    asMail.setAttribute('aria-pressed', String(isMail));
    asText.setAttribute('aria-pressed', String(!isMail));
  };
  asMail.addEventListener('click', () => show(true));
  asText.addEventListener('click', () => show(false));
  show(true);
  const parts = say('div', '', { className: 'parts' });
  parts.append(asMail, asText);
  return [parts, frame, plain];
}

function pushOf(message) {
  const card = linked(message.text, 'card');
  if (message.subject) card.prepend(say('strong', message.subject));
  const more = document.createElement('details');
  more.append(say('summary', 'Payload for the service worker'));
  more.append(say('pre', message.push.payload));
  const topic = message.push.topic ? `, topic ${message.push.topic}` : '';
  more.append(
    say('p', `Expires ${new Date(message.push.expiresAt).toLocaleString()}${topic}`, {
      className: 'meta',
    }),
  );
  return [card, more];
}

/** Renders text with its web addresses as links that open a new tab. */
function linked(text, className) {
  const block = say('div', '', { className });
  for (const part of text.split(/(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]])/)) {
    if (/^https?:\/\//.test(part)) {
      block.append(say('a', part, { href: part, target: '_blank', rel: 'noopener noreferrer' }));
    } else {
      block.append(part);
    }
  }
  return block;
}

import { say } from './message-view.js';

/** What can be done about a message from its recipient's side: returned, complained about, answered. */
export function actionsOf({ id, channel, to }) {
  const actions = say('div', '', { className: 'actions' });
  if (channel === 'email') {
    actions.append(
      button('It comes back', `messages/${id}/outcomes`, () => ({ is: 'bounced' })),
      button('The reader complains', `messages/${id}/outcomes`, () => ({ is: 'complained' })),
    );
  }
  if (channel === 'text') {
    const reply = Object.assign(document.createElement('input'), { maxLength: 1_600, placeholder: 'Reply' });
    reply.setAttribute('aria-label', `Reply from ${to}`);
    const send = button('Reply', 'texts', () => {
      const text = reply.value;
      reply.value = '';
      return { from: to, text };
    });
    reply.addEventListener('keydown', ({ key }) => key === 'Enter' && send.click());
    actions.append(reply, send);
  }
  return actions;
}

function button(label, address, body) {
  const made = say('button', label, { type: 'button' });
  made.addEventListener('click', async () => {
    made.disabled = true;
    const headers = { 'Content-Type': 'application/json' };
    await fetch(address, { method: 'POST', headers, body: JSON.stringify(body()) }).finally(() => {
      made.disabled = false;
    });
  });
  return made;
}

import { say } from './message-view.js';

/** Buttons for the recipient's reactions to a message: a bounce, a complaint, a reply. */
export function actionsOf({ id, channel, to }) {
  const actions = say('div', '', { className: 'actions' });
  if (channel === 'email') {
    actions.append(
      button('Bounce', `messages/${id}/outcomes`, () => ({ is: 'bounced' })),
      button('Report as spam', `messages/${id}/outcomes`, () => ({ is: 'complained' })),
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
  const element = say('button', label, { type: 'button' });
  element.addEventListener('click', async () => {
    element.disabled = true;
    const headers = { 'Content-Type': 'application/json' };
    await fetch(address, { method: 'POST', headers, body: JSON.stringify(body()) }).finally(() => {
      element.disabled = false;
    });
  });
  return element;
}

import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { Bar } from './bar.tsx';
import { ChatPane } from './chat/chat-pane.tsx';
import { People } from './chat/people.tsx';
import { Viewer } from './chat/viewer.tsx';
import { OrdersPanel } from './orders/panel.tsx';
import { Boxes } from './parts/boxes.tsx';
import { PaymentSheet } from './payment/sheet.tsx';
import { Phone } from './phone/phone.tsx';
import { chat, followChat, person } from './state/chat.ts';
import { desk, forgetOrders, refreshOrders } from './state/orders.ts';
import { pane } from './state/settings.ts';

/** The desk: people, the chat of one of them, and a phone. A narrow window shows one at a time. */
export function App(): JSX.Element {
  const id = person.value?.telegramId;
  useEffect(() => (id === undefined ? undefined : followChat(id)), [id]);
  useEffect(() => forgetOrders, [id]);
  useEffect(refreshOrders, [id, chat.value, desk.value]);
  return (
    <div class={`desk shows-${pane.value}`}>
      <Bar />
      <div class="panes">
        <People />
        <ChatPane />
        <Phone />
      </div>
      <OrdersPanel />
      <PaymentSheet />
      <Boxes />
      <Viewer />
    </div>
  );
}

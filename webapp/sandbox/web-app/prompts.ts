import { type Core, fail } from './core.ts';
import { wordsOf } from './words.ts';

type Answer = (text: string | null) => unknown;

/** Codes by the camera and text from the clipboard. */
export function createReaders(core: Core) {
  let scanning: { readonly callback?: Answer | undefined } | undefined;
  core.bridge.on('qr_text_received', (data) => {
    if (scanning === undefined) return;
    const text = typeof data['data'] === 'string' ? data['data'] : null;
    const enough = scanning.callback?.(text) === true;
    if (enough) closeScanQrPopup();
    core.events.emit('qrTextReceived', { data: text });
  });
  core.bridge.on('scan_qr_popup_closed', () => {
    scanning = undefined;
    core.events.emit('scanQrPopupClosed');
  });
  core.bridge.on('clipboard_text_received', (data) => core.callbacks.answer(data));
  const closeScanQrPopup = (): void => {
    core.need('closeScanQrPopup', '6.4');
    scanning = undefined;
    core.bridge.post('web_app_close_scan_qr_popup');
  };
  return {
    showScanQrPopup(params: { text?: string } = {}, callback?: Answer) {
      core.need('showScanQrPopup', '6.4');
      if (scanning !== undefined) fail('WebAppScanQrPopupOpened', 'Popup is already opened');
      const text = (params.text ?? '').trim();
      if (text.length > 64) fail('WebAppScanQrPopupParamInvalid', `Scan QR popup text is too long: ${text}`);
      scanning = { callback };
      core.bridge.post('web_app_open_scan_qr_popup', text === '' ? {} : { text });
    },
    closeScanQrPopup,
    readTextFromClipboard(callback?: Answer) {
      core.need('readTextFromClipboard', '6.4');
      const reqId = core.callbacks.add(({ data }) => {
        const text = typeof data === 'string' ? data : null;
        callback?.(text);
        core.events.emit('clipboardTextReceived', { data: text });
      });
      core.bridge.post('web_app_read_text_from_clipboard', { req_id: reqId });
    },
  };
}

/** The right to write to the person, and their phone number: both are the person's to give. */
export function createRequests(core: Core, invoke: Invoke) {
  const writeAccess = createRequest(core, {
    method: 'requestWriteAccess',
    call: 'web_app_request_write_access',
    answer: 'write_access_requested',
    event: 'writeAccessRequested',
    error: 'WebAppWriteAccessRequested',
  });
  const contact = createRequest(core, {
    method: 'requestContact',
    call: 'web_app_request_phone',
    answer: 'phone_requested',
    event: 'contactRequested',
    error: 'WebAppContactRequested',
  });
  return {
    requestWriteAccess: (callback?: (allowed: boolean) => void) =>
      writeAccess((status, finish) => {
        callback?.(status === 'allowed');
        finish({ status });
      }),
    requestContact: (callback?: (sent: boolean, response?: unknown) => void) =>
      contact((status, finish) => {
        if (status !== 'sent') {
          callback?.(false, { status });
          finish({ status });
          return;
        }
        // The signed contact comes from the server and may come a little later than the answer.
        invoke('getRequestedContact', {}, (error, result) => {
          const response = error === null ? signedContact(wordsOf(result)) : { status };
          callback?.(true, response);
          finish(response);
        });
      }),
  };
}

export type Invoke = (
  method: string,
  params: object,
  callback: (error: string | null, result?: unknown) => void,
) => void;

interface RequestKind {
  readonly method: string;
  readonly call: string;
  readonly answer: string;
  readonly event: string;
  readonly error: string;
}

type Answered = (status: string, finish: (data: unknown) => void) => void;

function createRequest(core: Core, kind: RequestKind): (answered: Answered) => void {
  let waiting: Answered | undefined;
  core.bridge.on(kind.answer, ({ status }) => {
    const answered = waiting;
    waiting = undefined;
    answered?.(wordsOf(status), (data) => core.events.emit(kind.event, data));
  });
  return (answered) => {
    core.need(kind.method, '6.9');
    if (waiting !== undefined) fail(kind.error, `${kind.method} is already waiting for an answer`);
    waiting = answered;
    core.bridge.post(kind.call);
  };
}

function signedContact(response: string): unknown {
  const pairs = [...new URLSearchParams(response)];
  const parsed = pairs.map(([name, value]) => [name, /^[{[]/.test(value) ? (JSON.parse(value) as unknown) : value]);
  return { status: 'sent', response, responseUnsafe: Object.fromEntries(parsed) as unknown };
}

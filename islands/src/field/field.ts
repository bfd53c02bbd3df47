// The officer's page: what cannot be sent waits on the phone, and the form is quicker.
import { quicken } from './form';
import { JhQueue, type Words } from './queue';
import { keepShell } from './shell';

const queue = document.querySelector('jh-queue');
const form = document.querySelector<HTMLFormElement>('#report');
if (queue instanceof HTMLElement && form) {
  quicken(form, JSON.parse(queue.getAttribute('words') ?? '{}') as Words);
  keepShell(queue, form);
}
customElements.define('jh-queue', JhQueue);

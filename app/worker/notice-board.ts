// What a notification says, in the language that the page last had: the push itself says nothing.

const CACHE = 'pawpost-notes';
const PATH = '/notice';

export interface Notice {
  title: string;
  body: string;
}

const FIRST: Notice = { title: 'Pawpost', body: 'Something has arrived.' };

export interface NoticeBoard {
  read(): Promise<Notice>;
  write(notice: Notice): Promise<void>;
}

export function createNoticeBoard(caches: CacheStorage): NoticeBoard {
  return {
    async read() {
      const kept = await (await caches.open(CACHE)).match(PATH);
      return kept === undefined ? FIRST : ((await kept.json()) as Notice);
    },
    async write({ title, body }) {
      await (await caches.open(CACHE)).put(PATH, Response.json({ title, body }));
    },
  };
}

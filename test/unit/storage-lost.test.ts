import assert from 'node:assert/strict';
import {
  copyFileSync,
  existsSync,
  lstatSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { backupDatabase } from '../../src/checkpoint/backup.ts';
import { makeDatabase, openDatabase } from '../../src/checkpoint/database.ts';
import { BACKUP_FILE, nameAside } from '../../src/checkpoint/files.ts';
import { countPending, looksDamaged } from '../../src/checkpoint/pending.ts';
import { restoreBackup, startFresh } from '../../src/checkpoint/recovery.ts';
import type { StorageProblem, StorageTrouble, StorageWay } from '../../src/shared/storage.ts';
import {
  type KeptMarker,
  bytesIn,
  change,
  problemOf,
  titlesIn,
  useHistory,
} from './support/storage.ts';

const ASIDE = nameAside(Date.UTC(2026, 10, 22, 17, 30));

describe('a history to which something happened', () => {
  let folder: string;
  let marker: KeptMarker;
  const file = useHistory((made) => ({ folder, marker } = made), ['a', 'b']);
  const problem = (): StorageProblem => problemOf(() => openDatabase(folder, { marker }));
  const overwrite = (from: number, length: number, byte: number): void => {
    const bytes = readFileSync(file());
    bytes.fill(byte, from, from + length);
    writeFileSync(file(), bytes);
  };

  interface Case {
    readonly title: string;
    readonly happens: () => void;
    readonly trouble: StorageTrouble;
    readonly words: RegExp;
    readonly ways: readonly StorageWay[];
    /** It takes no more than a look. */
    readonly isSeen: boolean;
  }

  const GONE: readonly StorageWay[] = ['startFresh', 'inMemory', 'retry'];
  const DAMAGED: readonly StorageWay[] = ['readOnly', 'startFresh', 'inMemory', 'retry'];
  const cases: readonly Case[] = [
    {
      title: 'SQL-01: a file of zero length',
      happens: () => {
        truncateSync(file(), 0);
      },
      ...{ trouble: 'lost', words: /are lost: .* is empty\. There is no backup/u, ways: GONE },
      isSeen: true,
    },
    {
      title: 'SQL-02: a missing file',
      happens: () => {
        rmSync(file());
      },
      ...{ trouble: 'lost', words: /does not exist any more\. There is no backup/u, ways: GONE },
      isSeen: true,
    },
    {
      title: 'SQL-02: a missing folder',
      happens: () => {
        rmSync(folder, { recursive: true });
      },
      ...{ trouble: 'lost', words: /does not exist any more/u, ways: GONE, isSeen: true },
    },
    {
      title: 'SQL-04: a garbage header',
      happens: () => {
        overwrite(0, 100, 0x55);
      },
      ...{ trouble: 'damaged', words: /is damaged \(.*not a database/u, ways: DAMAGED },
      isSeen: true,
    },
    {
      title: 'a file that was cut off',
      happens: () => {
        truncateSync(file(), lstatSync(file()).size / 2);
      },
      ...{ trouble: 'damaged', words: /is damaged \(.*malformed/u, ways: DAMAGED, isSeen: false },
    },
    {
      title: 'a page of zeros',
      happens: () => {
        overwrite(100, 3996, 0);
      },
      ...{ trouble: 'damaged', words: /is damaged/u, ways: DAMAGED, isSeen: false },
    },
    {
      title: 'a database with another history',
      happens: () => {
        rmSync(file());
        makeDatabase(file());
      },
      trouble: 'exchanged',
      words: /not the one that was here/u,
      ways: ['useFound', 'readOnly', 'startFresh', 'inMemory'],
      isSeen: false,
    },
    {
      title: 'a database without a table',
      happens: () => {
        change(file(), 'DROP TABLE threads');
      },
      ...{ trouble: 'damaged', words: /table threads is missing/u, ways: DAMAGED, isSeen: false },
    },
    {
      title: 'a database without its identity',
      happens: () => {
        change(file(), 'DELETE FROM identity');
      },
      ...{ trouble: 'damaged', words: /identity is missing/u, ways: DAMAGED, isSeen: false },
    },
    {
      title: "another application's database",
      happens: () => {
        change(file(), 'PRAGMA application_id = 7');
      },
      ...{ trouble: 'notOurs', words: /not a database of Countersign/u, ways: GONE, isSeen: false },
    },
    {
      title: 'SQL-10: a database of a newer version',
      happens: () => {
        change(file(), 'PRAGMA user_version = 99');
      },
      trouble: 'newer',
      words: /written by a newer version.*Update the extension.*not changed/u,
      ways: ['inMemory', 'startFresh', 'retry'],
      isSeen: false,
    },
    {
      title: 'DB-05: a link',
      happens: () => {
        const outside = join(folder, 'outside');
        copyFileSync(file(), outside);
        rmSync(file());
        symlinkSync(outside, file());
      },
      trouble: 'link',
      words: /is a link that leads elsewhere/u,
      ways: ['startFresh', 'inMemory', 'retry'],
      isSeen: true,
    },
    {
      title: 'DB-05: a link in the place of the log',
      happens: () => {
        symlinkSync(file(), `${file()}-wal`);
      },
      trouble: 'link',
      words: /is a link that leads elsewhere/u,
      ways: ['startFresh', 'inMemory', 'retry'],
      isSeen: false,
    },
  ];

  for (const { title, happens, trouble, words, ways, isSeen } of cases) {
    it(`${title}: is said with what is lost and the ways on, again and again, and kept as it is`, () => {
      happens();
      const before = existsSync(folder) ? bytesIn(folder) : {};
      assert.equal(looksDamaged(folder, marker.value), isSeen);
      for (let again = 0; again < 2; again++) {
        const found = problem();
        assert.equal(found.trouble, trouble);
        assert.match(found.message, words);
        assert.ok(found.message.includes(file()));
        assert.deepEqual(found.ways, ways);
      }
      assert.equal(countPending(folder), 0);
      assert.deepEqual(bytesIn(folder), before);
    });

    it(`${title}: a fresh start keeps what is there under another name`, () => {
      happens();
      const before = existsSync(file()) ? readFileSync(file()) : null;
      if (!existsSync(folder))
        assert.throws(() => {
          startFresh(folder, marker, ASIDE);
        });
      problem();
      startFresh(folder, marker, ASIDE);
      assert.deepEqual(titlesIn(folder, { marker }), []);
      assert.deepEqual(existsSync(file(ASIDE)) ? readFileSync(file(ASIDE)) : null, before);
    });
  }

  describe('with a backup', () => {
    beforeEach(async () => {
      await backupDatabase(folder);
      const database = openDatabase(folder, { marker });
      await database.transaction(() => database.run("UPDATE threads SET title = 'later'"));
      database.close();
    });

    for (const { title, happens, trouble } of cases) {
      if (trouble === 'newer' || trouble === 'link' || title.includes('folder')) continue;
      it(`${title}: it is offered, and put in the place of what is kept under another name`, () => {
        happens();
        const before = existsSync(file()) ? readFileSync(file()) : null;
        const backup = readFileSync(file(BACKUP_FILE));
        const { ways, message } = problem();
        assert.equal(ways[0], 'restoreBackup');
        assert.match(message, /There is a backup of .*; what came after it is not in it\./u);
        restoreBackup(folder, marker, ASIDE);
        assert.deepEqual(titlesIn(folder, { marker }), ['a', 'b']);
        assert.deepEqual(existsSync(file(ASIDE)) ? readFileSync(file(ASIDE)) : null, before);
        assert.deepEqual(readFileSync(file(BACKUP_FILE)), backup);
      });
    }

    it('a damaged backup is not offered, and nothing is set aside for it', () => {
      truncateSync(file(BACKUP_FILE), 8192);
      truncateSync(file(), 0);
      assert.deepEqual(problem().ways, GONE);
      const before = bytesIn(folder);
      assert.throws(() => {
        restoreBackup(folder, marker, ASIDE);
      }, /are lost/u);
      assert.deepEqual(bytesIn(folder), before);
    });

    it('a fresh start keeps the backup of the old history, too', async () => {
      const backup = readFileSync(file(BACKUP_FILE));
      truncateSync(file(), 0);
      startFresh(folder, marker, ASIDE);
      await backupDatabase(folder);
      const kept = readdirSync(folder).find((name) => name.endsWith(`Z.${BACKUP_FILE}`));
      assert.deepEqual(readFileSync(file(kept)), backup);
    });

    it('tells of a loss even if the marker is lost with it', () => {
      marker.value = null;
      rmSync(file());
      assert.equal(problem().trouble, 'lost');
      assert.equal(looksDamaged(folder, null), true);
    });
  });
});

import asyncio, time
import arraigo
from arraigo.settings import load
from support.gate import Gate
from support.databases import address
import cProfile, pstats

async def test_speed(server, database, tmp_path, superuser):
    gate = Gate(server.url)
    s = load({"ARRAIGO_HOME": str(tmp_path/"h"), "DATABASE_URL": address(server,"arraigo_app",database,gate.query)})
    async with arraigo.open(s) as store:
        me = store.as_user("ana")
        talks = [await me.conversations.create(title="x") for _ in range(16)]
        gate.shut()
        t=time.time()
        async def w(talk):
            for i in range(500):
                await me.messages.append(talk.id, role="user", content="x"*200)
        await asyncio.gather(*(w(t) for t in talks))
        print("journalled 8000 in", time.time()-t)
        import arraigo.store.journal.replay as R, threading
        orig=R.Database.call
        spent=[0,0]
        def call(self,*a):
            t=time.perf_counter(); r=orig(self,*a); spent[0]+=time.perf_counter()-t; spent[1]+=1; return r
        R.Database.call=call
        import arraigo.store.journal.keeper as K
        o2=K.Journal._round
        def rnd(self, db):
            pr=cProfile.Profile(); pr.enable()
            try: return o2(self,db)
            finally:
                pr.disable(); pstats.Stats(pr).sort_stats("tottime").print_stats(12)
        K.Journal._round=rnd
        gate.open()
        t=time.time()
        while store.storage != "postgresql": await asyncio.sleep(.02)
        print("calls",spent)
        print("replayed in", time.time()-t)
        t=time.time()
        print(superuser("select count(*) from arraigo.messages"), superuser("select * from arraigo.quarantine"))
    gate.close()

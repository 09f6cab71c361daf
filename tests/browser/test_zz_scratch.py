import pytest
from handsel.bid.configure import actions
from handsel.bid.configure.models import ModelVersion
from tests.support.configure import LAMP, publish_model
from tests.support.world import make_world
from tests.browser.visitor import PHONE
pytestmark = pytest.mark.browser

def test_look(transactional_db, visit, clock):
    world = make_world()
    model = publish_model(world.actor("product_modeller"), world.now)
    draft = actions.draft_version(actor=world.actor("product_modeller"), now=world.now, model_id=model.pk)
    bad = LAMP.replace("power >= 50", "powr >= 50").replace("10..100 step 10 W","")
    for who, size in (("d", None), ("p", PHONE)):
        kw = {} if size is None else {"viewport": size, "device_scale_factor":2, "is_mobile":True, "has_touch":True}
        m = visit(world.users["product_modeller"], **kw)
        page = m.see(f"/configure/models/{model.pk}/{draft.version_no}/")
        page.locator("#source").fill(bad)
        page.locator(".problems").wait_for()
        page.wait_for_timeout(900)
        page.screenshot(path=f"/tmp/cfg/pics/wb-{who}.png", full_page=True)
        page = m.see(f"/configure/models/{model.pk}/")
        page.screenshot(path=f"/tmp/cfg/pics/model-{who}.png")
        page.locator("text=Settings >> visible=true").first.click() if who=="d" else None
        page.wait_for_timeout(600)
        page.screenshot(path=f"/tmp/cfg/pics/settings-{who}.png")
        rep = visit(world.users["sales_rep"], **kw)
        one = actions.begin_configuration(actor=world.actor("sales_rep"), now=world.now, model_id=model.pk, organization_id=world.customer.pk)
        page = rep.see(f"/configure/{one.pk}/")
        page.wait_for_timeout(1800)
        page.screenshot(path=f"/tmp/cfg/pics/lamp-{who}.png")
        if who=="d":
            page.locator("text=Share by link >> visible=true").first.click()
            page.wait_for_timeout(600)
            page.screenshot(path=f"/tmp/cfg/pics/share-{who}.png")
        page = rep.see("/configure/")
        page.screenshot(path=f"/tmp/cfg/pics/list-{who}.png")
        print(rep.complaints(), m.complaints())

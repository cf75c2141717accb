# expect: wrong answer, exception
import sys
class Hook:
    def find_spec(self, name, path=None, target=None):
        raise SystemExit(0)
sys.meta_path.insert(0, Hook())
for name in ("json", "os", "select", "time", "builtins"):
    sys.modules[name] = None
def add_one(x):
    return 0

wrk.method="POST"; wrk.headers["Content-Type"]="application/json"
wrk.body='{"model":"mock","messages":[{"role":"user","content":"Janet has ducks. How many?"}],"max_tokens":256,"temperature":0}'

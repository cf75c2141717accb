#include <curl/curl.h>
#include <sys/epoll.h>
#include <thread>
#include <vector>
#include <atomic>
#include <cstdio>
#include <chrono>
#include <cstring>
#include <string>
static std::string url; static std::atomic<long> total{0};
struct Shard { int ep; CURLM* m; long timeout=-1; };
static int sock_cb(CURL*, curl_socket_t s, int what, void* u, void* sp){ auto* sh=(Shard*)u; epoll_event ev{}; ev.data.fd=s;
 if(what==CURL_POLL_REMOVE){epoll_ctl(sh->ep,EPOLL_CTL_DEL,s,0);curl_multi_assign(sh->m,s,0);return 0;}
 ev.events=((what&CURL_POLL_IN)?EPOLLIN:0)|((what&CURL_POLL_OUT)?EPOLLOUT:0);
 if(sp) epoll_ctl(sh->ep,EPOLL_CTL_MOD,s,&ev); else {epoll_ctl(sh->ep,EPOLL_CTL_ADD,s,&ev);curl_multi_assign(sh->m,s,(void*)1);} return 0;}
static int timer_cb(CURLM*, long ms, void* u){((Shard*)u)->timeout=ms;return 0;}
static size_t wr(char*,size_t a,size_t b,void*){return a*b;}
void run(int n,double secs){Shard sh; sh.ep=epoll_create1(0); sh.m=curl_multi_init(); curl_multi_setopt(sh.m,CURLMOPT_SOCKETFUNCTION,sock_cb);curl_multi_setopt(sh.m,CURLMOPT_SOCKETDATA,&sh);curl_multi_setopt(sh.m,CURLMOPT_TIMERFUNCTION,timer_cb);curl_multi_setopt(sh.m,CURLMOPT_TIMERDATA,&sh);curl_multi_setopt(sh.m,CURLMOPT_MAXCONNECTS,(long)n);
 curl_slist* h=curl_slist_append(0,"Content-Type: application/json"); h=curl_slist_append(h,"Expect:");
 const char* body="{\"model\":\"mock\",\"messages\":[{\"role\":\"user\",\"content\":\"Janet has ducks. How many?\"}],\"max_tokens\":256,\"temperature\":0}";
 CURLU* u=curl_url(); curl_url_set(u,CURLUPART_URL,url.c_str(),0);
 for(int i=0;i<n;i++){CURL*e=curl_easy_init();curl_easy_setopt(e,CURLOPT_CURLU,u);curl_easy_setopt(e,CURLOPT_HTTPHEADER,h);curl_easy_setopt(e,CURLOPT_POSTFIELDS,body);curl_easy_setopt(e,CURLOPT_POSTFIELDSIZE,(long)strlen(body));curl_easy_setopt(e,CURLOPT_WRITEFUNCTION,wr);curl_easy_setopt(e,CURLOPT_NOSIGNAL,1L);curl_easy_setopt(e,CURLOPT_BUFFERSIZE,16384L);curl_multi_add_handle(sh.m,e);}
 auto t0=std::chrono::steady_clock::now(); int running; long cnt=0; epoll_event evs[256];
 for(;;){ int k=epoll_wait(sh.ep,evs,256,(int)(sh.timeout<0?100:sh.timeout)); if(k==0||sh.timeout==0) {sh.timeout=-1;curl_multi_socket_action(sh.m,CURL_SOCKET_TIMEOUT,0,&running);}
  for(int i=0;i<k;i++) curl_multi_socket_action(sh.m,evs[i].data.fd,((evs[i].events&EPOLLIN)?CURL_CSELECT_IN:0)|((evs[i].events&EPOLLOUT)?CURL_CSELECT_OUT:0),&running);
  int q; while(CURLMsg*m=curl_multi_info_read(sh.m,&q)){CURL*e=m->easy_handle; if(m->data.result)puts("err");cnt++;curl_multi_remove_handle(sh.m,e);curl_multi_add_handle(sh.m,e);}
  if(std::chrono::duration<double>(std::chrono::steady_clock::now()-t0).count()>secs)break;}
 total+=cnt;}
int main(int c,char**v){url=v[1];int shards=atoi(v[2]);int n=atoi(v[3]);curl_global_init(CURL_GLOBAL_ALL);std::vector<std::thread>t;for(int i=0;i<shards;i++)t.emplace_back(run,n/shards,4.0);for(auto&x:t)x.join();printf("%ld/s\n",total/4);}

// Ctrl-C and SIGTERM as a count that loops look at.
#pragma once

namespace assay {

// From now on SIGINT and SIGTERM only count. The third ends the process at once.
void watch_interrupts();

// How many have come: 1, stop beginning new work; 2, stop waiting for answers.
int interrupts();

}  // namespace assay

# expect: syntax error
Certainly! Here is the function you asked for.

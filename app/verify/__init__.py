"""What a stranger asks: is this certificate real?"""
